using ModelBuild.Generator.Code;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Emit;

/// <summary>Represents a generated method that takes texts and the tokenizer that encodes them.</summary>
/// <param name="Result">The C# type of the result.</param>
/// <param name="Name">The name.</param>
/// <param name="Summary">The summary in the doc comment of the method.</param>
/// <param name="Notes">The sentences in the doc comment about the tokenizer that is deployed with the model, or about one that the caller gives (null).</param>
/// <param name="Returns">The text about the result in the doc comment of the method.</param>
/// <param name="Parameters">The parameters after the tokenizer.</param>
/// <param name="Body">The lines of the body, in which the tokenizer is <c>tokenizer</c>.</param>
internal sealed record TextMethod(
    string Result,
    string Name,
    string Summary,
    Func<ValueDescription?, string> Notes,
    string Returns,
    IReadOnlyList<TextParameter> Parameters,
    params string[] Body
)
{
    private const string Tokenizer = "tokenizer";

    /// <summary>Writes the method, and the method that uses the tokenizer that is deployed with the model, if there is one.</summary>
    public void Emit(CodeWriter writer, ValueDescription? deployed)
    {
        var tokenizer = new TextParameter(TextTypes.Tokenizer, Tokenizer, "The tokenizer of the model.");
        if (deployed is not null)
            Emit(writer, Notes(deployed), Parameters, TokenizerExceptions, [$"return {Name}({string.Join(", ", Arguments)});"]);
        Emit(writer, Notes(null), [tokenizer, .. Parameters], [], Body);
    }

    private static readonly string[] TokenizerExceptions =
    [
        "/// <exception cref=\"global::System.IO.FileNotFoundException\">The tokenizer is not where the build puts it.</exception>",
        $"/// <exception cref=\"{TextTypes.Exception}\">The tokenizer needs a native library that is missing, or its files are broken.</exception>",
    ];

    private IEnumerable<string> Arguments => Parameters.Select(parameter => parameter.Name).Prepend(TokenizerEmitter.Property);

    private void Emit(CodeWriter writer, string notes, IReadOnlyList<TextParameter> parameters, string[] exceptions, string[] body)
    {
        writer.Line($"/// <summary>{Summary} {notes} The method can be called by many threads at the same time.</summary>");
        foreach (var parameter in parameters)
            writer.Line($"/// <param name=\"{parameter.Name}\">{parameter.Description}</param>");
        writer.Line($"/// <returns>{Returns}</returns>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The model cannot take so many texts or tokens.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        foreach (var exception in exceptions)
            writer.Line(exception);
        writer.Open($"public {Result} {Name}({string.Join(", ", parameters.Select(parameter => $"{parameter.Type} {parameter.Name}"))})");
        foreach (var line in body)
            writer.Line(line);
        writer.Close();
        writer.Gap();
    }
}
