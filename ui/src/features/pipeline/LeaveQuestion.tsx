import { Save } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Dialog, type LeaveGuard } from "#ui/components";

export interface LeaveQuestionProps {
  guard: LeaveGuard;
  path: string;
  isSaving: boolean;
  onSave: () => Promise<boolean>;
}

/** Asks before unsaved work is left behind. */
export function LeaveQuestion({ guard, path, isSaving, onSave }: LeaveQuestionProps): ReactNode {
  const saveAndLeave = async (): Promise<void> => {
    if (await onSave()) guard.leave();
    else guard.stay();
  };
  return (
    <Dialog
      isOpen={guard.isAsking}
      onClose={guard.stay}
      title={`${path} is not saved`}
      description="What you typed is only in this window. Leaving without saving loses it."
      actions={
        <>
          <Button variant="ghost" onClick={guard.stay}>
            Stay
          </Button>
          <Button variant="danger" onClick={guard.leave}>
            Leave without saving
          </Button>
          <Button variant="primary" icon={Save} isBusy={isSaving} onClick={() => void saveAndLeave()}>
            Save and leave
          </Button>
        </>
      }
    />
  );
}
