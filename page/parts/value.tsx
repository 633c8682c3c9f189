import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { shortened, splitName } from "../pure/labels.ts";
import { grouped } from "../pure/time.ts";
import { stretchesOf } from "../pure/unseen.ts";

/** Text from outside on one line, set apart from its surroundings whichever way it is written. */
export const Inline = ({ text, most = 120 }: { text: string; most?: number }) => (
  <bdi>
    <Stretches text={shortened(text, most)} />
  </bdi>
);

/** Text from outside at any length: a long one is cut until somebody wants all of it. */
export const Value = ({ text }: { text: string }) => {
  const [isOpen, setOpen] = useState(false);
  if (text === "") return <span class="empty-value">empty</span>;
  if (text.length <= longest) return <Inline text={text} most={longest} />;
  return (
    <>
      {isOpen ? (
        <textarea
          class={text.length > hugeValue ? "whole-value huge" : "whole-value"}
          readOnly
          rows={10}
          dir="auto"
          aria-label="The whole value"
          value={text}
        />
      ) : (
        <Inline text={text} most={longest} />
      )}{" "}
      <button type="button" class="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Show less" : `Show all ${grouped(text.length)} characters`}
      </button>
    </>
  );
};

const longest = 240;
const hugeValue = 20_000;

/** A label's name, what it shares with its kind set back. */
export const LabelName = ({ name }: { name: string }) => {
  const [shared, own] = splitName(shortened(name, longest));
  return (
    <bdi class="label-name">
      {shared !== "" && <span class="shared">{shared}</span>}
      {own.split(/(?<=_)/).map((part, index) => (
        // A long name breaks behind an underscore rather than within a word.
        <Fragment key={index}>
          {index > 0 && <wbr />}
          <Stretches text={part} />
        </Fragment>
      ))}
    </bdi>
  );
};

const Stretches = ({ text }: { text: string }) => (
  <>
    {stretchesOf(text).map((stretch, index) =>
      stretch.isUnseen ? (
        <span key={index} class="unseen">
          {stretch.text}
        </span>
      ) : (
        stretch.text
      ),
    )}
  </>
);
