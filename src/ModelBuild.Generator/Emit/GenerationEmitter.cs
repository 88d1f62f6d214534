using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes <c>OpenGeneration</c> of decoders with a cache, and <c>Generate</c> for a project that references ModelBuild.Text.</summary>
internal static class GenerationEmitter
{
    private const string NoRoom =
        "/// <exception cref=\"global::System.ArgumentOutOfRangeException\"><paramref name=\"maxLength\"/> is less than 1.</exception>";
    private const string IsDisposed = "/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>";

    public static void Emit(CodeWriter writer, ModelClass model, bool hasText)
    {
        if (model.Decoder is not { } decoder)
            return;
        Open(writer, decoder.EncoderStates);
        // Generate is not written for a decoder that follows an encoder, because the text belongs to the encoder, which is another model.
        if (hasText && decoder.EncoderStates is null)
        {
            if (model.Tokenizer is { } tokenizer)
                Generate(writer, "", tokenizer.MaxTokens);
            Generate(writer, $"{TextTypes.Tokenizer} tokenizer, ", null);
        }
    }

    private static void Open(CodeWriter writer, InputMember? encoder)
    {
        writer.Line("/// <summary>");
        writer.Line("/// Opens a text that the model continues. The stream keeps the keys and values of attention of all tokens, so that each call computes");
        writer.Line("/// only the new ones. Streams can share one model, but a stream has only one caller at a time.");
        writer.Line("/// </summary>");
        if (encoder is not null)
            writer.Line(
                $"/// <param name=\"{encoder.Parameter.TrimStart('@')}\">The result of the encoder for one row: the values of each of its tokens. It is "
                    + "copied.</param>"
            );
        writer.Line("/// <param name=\"maxLength\">The largest number of tokens of the text, such as the number of positions of the model.</param>");
        writer.Line("/// <returns>The stream.</returns>");
        if (encoder is not null)
            writer.Line("/// <exception cref=\"global::System.ArgumentException\">The result of the encoder has another width.</exception>");
        writer.Line(NoRoom);
        writer.Line(IsDisposed);
        var states = encoder is null ? "" : $"{RuntimeTypes.ReadOnlySpan}<{encoder.Type!.CSharp}> {encoder.Parameter}, ";
        writer.Open($"public {RuntimeTypes.GenerationStream} OpenGeneration({states}int maxLength = int.MaxValue)");
        writer.Line($"return {LoadingEmitter.Host}.OpenGeneration({(encoder is null ? "" : encoder.Parameter + ", ")}maxLength);");
        writer.Close();
        writer.Gap();
    }

    private static void Generate(CodeWriter writer, string parameter, int? maxTokens)
    {
        var maximum = maxTokens is { } count
            ? count.ToString(CultureInfo.InvariantCulture) + " tokens"
            : "as many tokens as the maximum length of the tokenizer, if it has one";
        writer.Line("/// <summary>");
        writer.Line(
            "/// Generates the text that follows a text, token by token on threads of the pool. A piece never ends within a character. The prompt and the"
        );
        writer.Line($"/// generated text together have at most {maximum}.");
        writer.Line("/// </summary>");
        if (parameter.Length > 0)
            writer.Line("/// <param name=\"tokenizer\">The tokenizer of the model, whose maximum length is that of the text.</param>");
        writer.Line("/// <param name=\"prompt\">The text before the generated one.</param>");
        writer.Line("/// <param name=\"options\">How tokens are chosen and when the text ends; null for the most likely tokens.</param>");
        writer.Line("/// <param name=\"cancellationToken\">A token that ends the enumeration with an exception.</param>");
        writer.Line("/// <returns>The pieces of the generated text.</returns>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The text is longer than the maximum of the tokenizer.</exception>");
        writer.Line(IsDisposed);
        writer.Open(
            $"public global::System.Collections.Generic.IAsyncEnumerable<string> Generate({parameter}string prompt, "
                + $"{RuntimeTypes.GenerationOptions}? options = null, {RuntimeTypes.CancellationToken} cancellationToken = default)"
        );
        var tokenizer = parameter.Length > 0 ? "tokenizer" : TokenizerEmitter.Property;
        writer.Line($"return {TextTypes.Generation}.Generate({LoadingEmitter.Host}.OpenGeneration, {tokenizer}, prompt, options, cancellationToken);");
        writer.Close();
        writer.Gap();
    }
}
