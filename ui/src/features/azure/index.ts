export { AksDialog } from "./AksDialog";
