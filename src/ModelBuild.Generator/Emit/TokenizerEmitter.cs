using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the property with the tokenizer that the build deploys with a model.</summary>
internal static class TokenizerEmitter
{
    public const string Property = "Tokenizer";

    // The name of the generated field with the tokenizer. It cannot clash with a member of a model, whose name never starts with an underscore and a lower-case
    // letter.
    private const string Field = "_deployedTokenizer";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Tokenizer is not { } tokenizer)
            return;
        writer.Line($"private static readonly {TextTypes.Deployed} {Field} = new {TextTypes.Deployed}({ContractEmitter.Field}.Location);");
        writer.Gap();
        writer.Line(
            $"/// <summary>Gets the tokenizer of the model, {DocText.Code(tokenizer.Text)}, which the build deploys with the model. "
                + "It is loaded on the first use, and all instances share it.</summary>"
        );
        writer.Line("/// <exception cref=\"global::System.IO.FileNotFoundException\">The tokenizer is not where the build puts it.</exception>");
        writer.Line(
            $"/// <exception cref=\"{TextTypes.Exception}\">The tokenizer needs a native library that is missing, or its files are broken.</exception>"
        );
        writer.Line($"public static {TextTypes.Tokenizer} {Property} => {Field}.Value;");
        writer.Gap();
    }
}
