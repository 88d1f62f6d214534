using ModelBuild.Compression.Signatures;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>Represents the inputs of a model that takes texts. The generated class finds the same inputs.</summary>
/// <param name="HasMask">Whether the model takes the attention mask.</param>
/// <param name="HasTypes">Whether the model takes type ids.</param>
/// <param name="Rows">The number of texts in a call; null if it is dynamic.</param>
/// <param name="Length">The number of tokens of each text; null if it is dynamic.</param>
internal sealed record TextInput(bool HasMask, bool HasTypes, long? Rows, long? Length)
{
    private static readonly string[] Names = [TextInputNames.Ids, TextInputNames.Mask, TextInputNames.Types];

    /// <summary>Finds the inputs of a model that takes texts; null if the model takes something else.</summary>
    /// <param name="signature">The signature of the model.</param>
    public static TextInput? Find(ModelSignature signature) =>
        signature.Inputs.All(IsText) && signature.Inputs.FirstOrDefault(input => input.Name == TextInputNames.Ids) is { Shape: { } shape }
            ? new TextInput(Has(signature, TextInputNames.Mask), Has(signature, TextInputNames.Types), shape[0].Size, shape[1].Size)
            : null;

    private static bool IsText(ValueSignature input) => Names.Contains(input.Name) && input is { Type: "int64" or "int32", Shape.Count: 2 };

    private static bool Has(ModelSignature signature, string name) => signature.Inputs.Any(input => input.Name == name);
}
