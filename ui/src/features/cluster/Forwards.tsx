// The forwards of the machine, one button away from wherever one looks.
import { ArrowLeftRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Dialog } from "#ui/components";
import { useQueryCommand } from "#ui/ipc";
import { ForwardList } from "./views/ForwardList";

const refreshMs = 5_000;

/** A button that is there while something is forwarded. */
export function Forwards(): ReactNode {
  const forwards = useQueryCommand("kube_forward_list", {}, { pollMs: refreshMs, isFresh: true });
  const [isOpen, setOpen] = useState(false);
  const count = forwards.data?.length ?? 0;
  if (count === 0 && !isOpen) return null;
  return (
    <>
      <Button icon={ArrowLeftRight} onClick={() => setOpen(true)}>
        {count} forwarded
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Forwarded ports" description="Only this machine can reach them. They end when Slipway is closed.">
        {count === 0 ? <p>None any more.</p> : <ForwardList />}
      </Dialog>
    </>
  );
}
