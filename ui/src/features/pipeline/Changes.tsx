import { Undo2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Dialog } from "#ui/components";
import { Difference } from "./Difference";

/** What is not saved yet, line by line; nothing else of the file is touched. */
export function Changes({ path, before, after, onTakeBack, onClose }: { path: string; before: string; after: () => string; onTakeBack: () => void; onClose: () => void }): ReactNode {
  const [text] = useState(after);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="wide"
      title={`Changes in ${path}`}
      description={text === before ? "Nothing has been changed since the last save." : "Only these lines change when it is saved."}
      actions={
        <>
          <Button
            icon={Undo2}
            disabled={text === before}
            onClick={() => {
              onTakeBack();
              onClose();
            }}
          >
            Take all back
          </Button>
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {text !== before && <Difference label="Changes not saved yet" before={before} after={text} />}
    </Dialog>
  );
}
