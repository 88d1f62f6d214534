using System.Numerics.Tensors;

namespace ModelBuild.Text;

/// <summary>Reads the labelled parts of a text from the result of a token classifier.</summary>
public static class TokenSpans
{
    /// <summary>
    /// Returns the labelled parts of a text. The most probable label of each token is used, and neighbouring tokens with the same label are joined, as the
    /// aggregation strategy "simple" of Hugging Face does: <c>B-</c> starts a new part, <c>I-</c> continues one of the same label, and labels without a prefix
    /// also continue one. In addition, a token with <c>U-</c> or <c>S-</c> is a part by itself, and <c>L-</c> and <c>E-</c> end one.
    /// </summary>
    /// <param name="logits">The scores of the labels before softmax, of shape <c>[tokens, labels]</c>. More rows than tokens are padding.</param>
    /// <param name="text">The encoded text.</param>
    /// <param name="labels">The label of each class, as in <see cref="TextModelFolder.Labels"/>.</param>
    /// <param name="outside">The label of tokens that are in no part.</param>
    /// <returns>The parts, in the order of the text. Special tokens are left out.</returns>
    /// <exception cref="ArgumentException">The number of logits does not fit the text and the labels.</exception>
    public static IReadOnlyList<TextSpan> Find(ReadOnlySpan<float> logits, EncodedText text, IReadOnlyList<string> labels, string outside = "O")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0 || logits.Length % labels.Count != 0 || logits.Length / labels.Count < text.Length)
            throw new ArgumentException($"{logits.Length} logits are not those of {text.Length} tokens and {labels.Count} labels.", nameof(logits));
        var spans = new List<TextSpan>();
        var (open, count) = (default(TextSpan), 0);
        var canContinue = false;
        var scores = new float[labels.Count];
        for (var token = 0; token < text.Length; token++)
        {
            var offset = text.Offsets[token];
            if (!offset.HasText)
                continue;
            TensorPrimitives.SoftMax(logits.Slice(token * labels.Count, labels.Count), scores);
            var best = TensorPrimitives.IndexOfMax<float>(scores);
            var (prefix, label) = Split(labels[best]);
            if (canContinue && prefix is not ('B' or 'U' or 'S') && label == open.Label)
            {
                open = open with { Score = open.Score + scores[best], Length = offset.Start + offset.Length - open.Start };
                count++;
            }
            else
            {
                Close();
                (open, count) = (new TextSpan(label, scores[best], offset.Start, offset.Length), 1);
            }

            canContinue = prefix is not ('U' or 'S' or 'L' or 'E');
        }

        Close();
        return spans;

        void Close()
        {
            if (count > 0 && open.Label != outside)
                spans.Add(open with { Score = open.Score / count });
        }
    }

    /// <summary>Splits a label into its prefix and its name. A label without a prefix continues a part.</summary>
    private static (char Prefix, string Label) Split(string label) =>
        label is ['B' or 'I' or 'L' or 'U' or 'E' or 'S', '-', _, ..] ? (label[0], label[2..]) : ('I', label);
}
