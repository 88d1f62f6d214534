using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the methods that take texts, for a project that references ModelBuild.Text.</summary>
internal static class TextEmitter
{
    // The name of the generated field with the inputs. It cannot clash with a member of a model, whose name never starts with an underscore and a lower-case
    // letter.
    private const string Field = "_textInputs";
    private const string List = "global::System.Collections.Generic.IReadOnlyList";
    private const string Outputs = "The outputs. Dispose returns their buffers, so that the next call can use them.";
    private const string One = "tokenizer.Encode(new string[] { text })";

    private static readonly TextParameter Text = new("string", "text", "The text.");
    private static readonly TextParameter Texts = new($"{RuntimeTypes.ReadOnlySpan}<string>", "texts", "The texts, at least one.");

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Text is not { } text)
            return;
        writer.Line(
            $"private static readonly {TextTypes.Inputs} {Field} = new {TextTypes.Inputs}({Literal.Of(text.Ids)}, {Literal.Of(text.Mask)}, "
                + $"{Literal.Of(text.Types)}, {Literal.Of(text.Length)});"
        );
        writer.Gap();
        foreach (var method in Runs(text).Concat(Vectors(model, text)).Concat(Spans(text)).Concat(Answer(text)))
            method.Emit(writer, model.Tokenizer);
        if (text.Vectors is { } vectors)
            EmbedTexts(writer, vectors);
        writer.Open($"private {RuntimeTypes.ModelResult} RunTexts({TextTypes.Batch} texts, out {TextTypes.Batch} written)");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"written = {Field}.Write<{text.Type}>(_call, texts);");
        writer.Line("return _call.Run();");
        writer.Close();
        writer.Gap();
    }

    private static IEnumerable<TextMethod> Runs(TextPlan text)
    {
        yield return Run(text, "Texts", "Runs the model on a text.", [Text], One);
        yield return Run(
            text,
            "Pairs",
            "Runs the model on a pair of texts, such as a question and a passage.",
            [new TextParameter("string", "first", "The first text."), new TextParameter("string", "second", "The second text.")],
            "tokenizer.Encode(new string[] { first }, new string[] { second })"
        );
        if (text.TakesSeveral)
            yield return Run(text, "Texts", "Runs the model on several texts. Shorter ones are filled with padding.", [Texts], "tokenizer.Encode(texts)");
    }

    private static TextMethod Run(TextPlan text, string what, string summary, IReadOnlyList<TextParameter> parameters, string encode) =>
        new(
            "Result",
            "Run",
            summary,
            tokenizer => TextNotes.Length(text, tokenizer, what),
            Outputs,
            parameters,
            $"return new Result(RunTexts({encode}, out _));"
        );

    private static IEnumerable<TextMethod> Vectors(ModelClass model, TextPlan text)
    {
        if (text.Vectors is not { } output)
            yield break;
        Func<ValueDescription?, string> notes = tokenizer =>
            $"{TextNotes.Pooling(model.Outputs[output], tokenizer)} {TextNotes.Length(text, tokenizer, "Texts")}";
        yield return new TextMethod(
            "float[]",
            "Embed",
            "Computes the vector of a text. Texts of a similar meaning have similar vectors.",
            notes,
            "The vector.",
            [Text],
            $"return EmbedTexts(tokenizer, {One})[0];"
        );
        if (text.TakesSeveral)
            yield return new TextMethod(
                "float[][]",
                "Embed",
                "Computes the vectors of texts.",
                notes,
                "The vectors in the order of the texts.",
                [Texts],
                "return EmbedTexts(tokenizer, tokenizer.Encode(texts));"
            );
        var shape = model.Outputs[output].Tensor.Shape!.Value;
        var rows = text.TakesSeveral ? "" : ", maxRows: 1";
        // If the model does not declare the number of values of a vector, the generated code runs it once to find the number, which is part of the metadata of
        // an embedding generator.
        var width = shape[shape.Count - 1].Size is { } size ? Literal.Of(size) : "EmbedTexts(tokenizer, tokenizer.Encode(new string[] { \"\" }))[0].Length";
        yield return new TextMethod(
            TextTypes.Generator,
            "AsEmbeddingGenerator",
            "Returns the model as a generator of embeddings of Microsoft.Extensions.AI, which counts tokens and divides many texts into calls.",
            notes,
            "The generator. It uses the model and the tokenizer, which it does not dispose.",
            [],
            $"return new {TextTypes.Generator}(tokenizer, new {TextTypes.Embeddings}({width}, "
                + $"_texts => EmbedTexts(tokenizer, _texts)), {Literal.Of(model.Signature.ClassName)}{rows});"
        );
    }

    private static IEnumerable<TextMethod> Spans(TextPlan text)
    {
        if (text.Labels is { } labels)
            yield return new TextMethod(
                $"{List}<{TextTypes.Span}>",
                "FindSpans",
                "Finds the parts of a text that have a label, such as the names of persons.",
                tokenizer => TextNotes.Length(text, tokenizer, "Texts"),
                "The parts in their order.",
                [Text],
                $"using {RuntimeTypes.ModelResult} _result = RunTexts({One}, out {TextTypes.Batch} _written);",
                $"return {TextTypes.Outputs}.Spans(_result.Tensor<float>({Literal.Of(labels)}).Span, _written, Labels);"
            );
    }

    private static IEnumerable<TextMethod> Answer(TextPlan text)
    {
        if (text is { Start: { } start, End: { } end })
            yield return new TextMethod(
                $"{TextTypes.Answer}?",
                "Answer",
                "Finds the answer to a question in a passage.",
                tokenizer => TextNotes.Length(text, tokenizer, "Pairs"),
                "The place of the answer in the passage, with a score near 0 if the passage has no answer; null if the passage has no tokens.",
                [new TextParameter("string", "question", "The question."), new TextParameter("string", "passage", "The passage.")],
                $"{TextTypes.Batch} _pair = tokenizer.Encode(new string[] {{ question }}, new string[] {{ passage }});",
                $"using {RuntimeTypes.ModelResult} _result = RunTexts(_pair, out {TextTypes.Batch} _written);",
                $"return {TextTypes.Outputs}.Answer(_result.Tensor<float>({Literal.Of(start)}).Span, _result.Tensor<float>({Literal.Of(end)}).Span, _written);"
            );
    }

    private static void EmbedTexts(CodeWriter writer, int output)
    {
        writer.Open($"private float[][] EmbedTexts({TextTypes.Tokenizer} tokenizer, {TextTypes.Batch} texts)");
        writer.Line($"using {RuntimeTypes.ModelResult} _result = RunTexts(texts, out {TextTypes.Batch} _written);");
        writer.Line($"{RuntimeTypes.View}<float> _output = _result.Tensor<float>({Literal.Of(output)});");
        writer.Line($"return {TextTypes.Outputs}.Vectors(_output.Span, _output.Shape, _written, tokenizer.Model);");
        writer.Close();
        writer.Gap();
    }
}
