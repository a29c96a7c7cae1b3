// components: primitives only. Rules:
//  - no ipc calls, no feature imports (types of the contract are fine); a primitive gets everything by props;
//  - colours, lengths and times come from styles/tokens.css; variants only set custom properties;
//  - no blurred shadow, filter or backdrop-filter (WebKitGTK paints in software); animate transform and opacity only;
//  - state is colour + icon + word; everything works by keyboard;
//  - links to objects are <ObjectLink/>, <CommitChip/>, <Digest isLink/>, or an address from `href`; rows open with
//    `openHref(href.run(id))`;
//  - a screen is <Screen><PageHeader/>…</Screen>; an answer is drawn through <Answer of={query}>{(data) => …}</Answer>.
export { Button, IconButton, type ButtonProps, type ButtonSize, type ButtonVariant, type IconButtonProps } from "./Button";
export { CodeBlock, type CodeBlockProps, type CodeNote } from "./CodeBlock";
export { CommandList, type CommandListProps } from "./CommandList";
export { differenceOf } from "./difference";
export { DataTable, type Column, type DataTableProps } from "./DataTable";
export { Bytes, CommitChip, CopyButton, Digest, Duration, KeyValue, OBJECT_ICONS, ObjectLink, RelativeTime, TimeFact, useNow, type KeyValueItem } from "./Facts";
export { EmptyState, ErrorState, Note, Skeleton } from "./Feedback";
export { FieldChanges, type FieldChangesProps, type FieldWords } from "./FieldChanges";
export { Checkbox, Field, Fieldset, Segmented, Select, TextArea, TextInput, type SelectOption } from "./Fields";
export { FormDialog } from "./FormDialog";
export { formatBytes, formatClock, formatDateTime, formatDuration, formatRelative, plural, shortDigest, shortSha } from "./format";
export { href, objectHref, openHref, type ClusterPlace } from "./href";
export { leaveThen, useLeaveGuard, type LeaveGuard } from "./leave";
export { MenuItem, MenuList, SplitButton } from "./Menu";
export { Dialog, Kbd, Tabs, Tooltip, type TabItem } from "./Overlays";
export { PageHeader, Panel } from "./Panel";
export { Answer, Screen } from "./Screen";
export { part, type PartProps } from "./Part";
export { StatusPill } from "./StatusPill";
export { stateLook, stateOf, type StateLook, type Tone } from "./tone";
export { VariableRows, type VariableRow } from "./VariableRows";
