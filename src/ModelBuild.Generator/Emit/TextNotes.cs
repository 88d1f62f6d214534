using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the sentences in doc comments about the tokenizer of a method: pooling and the largest number of tokens.</summary>
internal static class TextNotes
{
    /// <summary>Returns a sentence about the number of tokens after which texts are cut.</summary>
    /// <param name="text">The inputs of the model.</param>
    /// <param name="tokenizer">The tokenizer that is deployed with the model; null for one that the caller gives.</param>
    /// <param name="what">What is cut, such as <c>Texts</c>.</param>
    public static string Length(TextPlan text, ValueDescription? tokenizer, string what)
    {
        var cut = tokenizer?.MaxTokens is { } count
            ? $"{what} are cut at {Number(count)} tokens, special ones included."
            : $"{what} are cut at the maximum length of the tokenizer, if it has one.";
        return text.Length == 0 || tokenizer?.MaxTokens <= text.Length ? cut : $"{cut} The model takes {Number(text.Length)} tokens, and more are an error.";
    }

    /// <summary>Returns a sentence about the way in which the vectors of tokens are combined to that of a text.</summary>
    /// <param name="output">The output with the vectors.</param>
    /// <param name="tokenizer">The tokenizer that is deployed with the model; null for one that the caller gives.</param>
    public static string Pooling(OutputMember output, ValueDescription? tokenizer) =>
        output.Tensor.Shape is { Count: 2 }
            ? $"The vector is the output {DocText.Code(output.Tensor.Name)}, normalized if <c>modules.json</c> beside the tokenizer says so."
        : tokenizer?.Pooling is { } pooling ? $"Pooling: {DocText.Escape(pooling)}."
        : "Pooling is that of the files beside the tokenizer: the mean without <c>1_Pooling/config.json</c>, and not normalized without <c>modules.json</c>.";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
