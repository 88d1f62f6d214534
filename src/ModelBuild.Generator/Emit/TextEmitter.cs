using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the methods that take texts, for a project that references ModelBuild.Text.</summary>
internal static class TextEmitter
{
    // No member of a model has a name with an underscore and a lower-case letter at the front.
    private const string Field = "_textInputs";
    private const string List = "global::System.Collections.Generic.IReadOnlyList";
    private const string Tokenizer = TextTypes.Tokenizer + " tokenizer";
    private const string One = "new string[] { text }";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Text is not { } text)
            return;
        writer.Line(
            $"private static readonly {TextTypes.Inputs} {Field} = new {TextTypes.Inputs}({Literal.Of(text.Ids)}, {Literal.Of(text.Mask)}, "
                + $"{Literal.Of(text.Types)}, {Literal.Of(text.Length)});"
        );
        writer.Gap();
        Run(writer, "Runs the model on a text.", "string text", $"tokenizer.Encode({One})", "text", "The text.");
        Run(
            writer,
            "Runs the model on a pair of texts, such as a question and a passage.",
            "string first, string second",
            "tokenizer.Encode(new string[] { first }, new string[] { second })",
            "first",
            "The first text.",
            "second",
            "The second text."
        );
        if (text.TakesSeveral)
            Run(
                writer,
                "Runs the model on several texts. Shorter ones are filled with padding.",
                $"{RuntimeTypes.ReadOnlySpan}<string> texts",
                "tokenizer.Encode(texts)",
                "texts",
                "The texts, at least one."
            );
        if (text.Vectors is { } vectors)
            Vectors(writer, model, text, vectors);
        if (text.Labels is { } labels)
            Spans(writer, labels);
        if (text is { Start: { } start, End: { } end })
            Answer(writer, start, end);
        writer.Open($"private {RuntimeTypes.ModelResult} RunTexts({TextTypes.Batch} texts, out {TextTypes.Batch} written)");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"written = {Field}.Write<{text.Type}>(_call, texts);");
        writer.Line("return _call.Run();");
        writer.Close();
        writer.Gap();
    }

    private static void Run(CodeWriter writer, string summary, string parameters, string encode, params string[] documented)
    {
        Document(writer, summary, documented);
        writer.Line("/// <returns>The outputs. Dispose returns their buffers, so that the next call can use them.</returns>");
        writer.Open($"public Result Run({Tokenizer}, {parameters})");
        writer.Line($"return new Result(RunTexts({encode}, out _));");
        writer.Close();
        writer.Gap();
    }

    private static void Vectors(CodeWriter writer, ModelClass model, TextPlan text, int output)
    {
        const string Pooling = "pooled and scaled as the files beside the tokenizer say";
        Document(writer, $"Computes the vector of a text, {Pooling}. Texts of a similar meaning have similar vectors.", "text", "The text.");
        writer.Line("/// <returns>The vector.</returns>");
        writer.Open($"public float[] Embed({Tokenizer}, string text)");
        writer.Line($"return EmbedTexts(tokenizer, tokenizer.Encode({One}))[0];");
        writer.Close();
        writer.Gap();
        if (text.TakesSeveral)
        {
            Document(writer, $"Computes the vectors of texts, {Pooling}.", "texts", "The texts, at least one.");
            writer.Line("/// <returns>The vectors in the order of the texts.</returns>");
            writer.Open($"public float[][] Embed({Tokenizer}, {RuntimeTypes.ReadOnlySpan}<string> texts)");
            writer.Line("return EmbedTexts(tokenizer, tokenizer.Encode(texts));");
            writer.Close();
            writer.Gap();
        }

        var shape = model.Outputs[output].Tensor.Shape!.Value;
        if (shape[shape.Count - 1].Size is { } width)
        {
            Document(
                writer,
                "Returns the model as a generator of embeddings of Microsoft.Extensions.AI, which counts tokens and divides many texts into calls."
            );
            writer.Line("/// <returns>The generator. It uses the model and the tokenizer, which the caller disposes after it.</returns>");
            writer.Open($"public {TextTypes.Generator} AsEmbeddingGenerator({Tokenizer})");
            var rows = text.TakesSeveral ? "" : ", maxRows: 1";
            writer.Line(
                $"return new {TextTypes.Generator}(tokenizer, new {TextTypes.Embeddings}({Literal.Of(width)}, "
                    + $"_texts => EmbedTexts(tokenizer, _texts)), {Literal.Of(model.Signature.ClassName)}{rows});"
            );
            writer.Close();
            writer.Gap();
        }

        writer.Open($"private float[][] EmbedTexts({Tokenizer}, {TextTypes.Batch} texts)");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = RunTexts(texts, out {TextTypes.Batch} _written))");
        writer.Line($"{RuntimeTypes.View}<float> _output = _result.Tensor<float>({Literal.Of(output)});");
        writer.Line($"return {TextTypes.Outputs}.Vectors(_output.Span, _output.Shape, _written, tokenizer.Model);");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Spans(CodeWriter writer, int output)
    {
        Document(writer, "Finds the parts of a text that have a label, such as the names of persons.", "text", "The text.");
        writer.Line("/// <returns>The parts in their order.</returns>");
        writer.Open($"public {List}<{TextTypes.Span}> FindSpans({Tokenizer}, string text)");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = RunTexts(tokenizer.Encode({One}), out {TextTypes.Batch} _written))");
        writer.Line($"return {TextTypes.Outputs}.Spans(_result.Tensor<float>({Literal.Of(output)}).Span, _written, Labels);");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Answer(CodeWriter writer, int start, int end)
    {
        Document(writer, "Finds the answer to a question in a passage.", "question", "The question.", "passage", "The passage.");
        writer.Line("/// <returns>The place of the answer in the passage; null if there is none.</returns>");
        writer.Open($"public {TextTypes.Answer}? Answer({Tokenizer}, string question, string passage)");
        writer.Line($"{TextTypes.Batch} _pair = tokenizer.Encode(new string[] {{ question }}, new string[] {{ passage }});");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = RunTexts(_pair, out {TextTypes.Batch} _written))");
        writer.Line(
            $"return {TextTypes.Outputs}.Answer(_result.Tensor<float>({Literal.Of(start)}).Span, _result.Tensor<float>({Literal.Of(end)}).Span, _written);"
        );
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Document(CodeWriter writer, string summary, params string[] documented)
    {
        writer.Line($"/// <summary>{summary} The method can be called by many threads at the same time.</summary>");
        writer.Line("/// <param name=\"tokenizer\">The tokenizer of the model.</param>");
        for (var i = 0; i < documented.Length; i += 2)
            writer.Line($"/// <param name=\"{documented[i]}\">{documented[i + 1]}</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The model cannot take so many texts or tokens.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
    }
}
