using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the struct that owns the outputs of one call.</summary>
internal static class ResultEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        writer.Gap();
        writer.Line("/// <summary>The outputs of one call. Dispose returns their buffers, so that the next call can use them.</summary>");
        writer.Open("public readonly struct Result : global::System.IDisposable");
        writer.Line($"private readonly {RuntimeTypes.ModelResult} _result;");
        writer.Gap();
        writer.Open($"internal Result({RuntimeTypes.ModelResult} result)");
        writer.Line("_result = result;");
        writer.Close();
        writer.Gap();

        for (var i = 0; i < model.Outputs.Count; i++)
        {
            var output = model.Outputs[i];
            if (!output.IsTyped)
                continue;
            var copy = output.Value is null
                ? ""
                : $". The value is a copy that stays valid{(output.Value.IsOptional ? "; it is null if the model returns none" : "")}.";
            writer.Line($"/// <summary>Output {ClassDocumentation.Describe(output.Tensor)}{copy}</summary>");
            writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The result is disposed.</exception>");
            writer.Line(
                output.Value is { } value
                    ? $"public {value.CSharp} {output.Property} => _result.Value<{value.CSharp}>({Literal.Of(i)});"
                    : $"public {RuntimeTypes.View}<{output.Type!.CSharp}> {output.Property} => _result.Tensor<{output.Type.CSharp}>({Literal.Of(i)});"
            );
            writer.Gap();
        }

        if (model.LabelOutput is { } labels)
            Top(writer, model, model.Outputs[labels]);

        writer.Line("/// <summary>Returns the buffers. The views of this result must not be used afterwards.</summary>");
        writer.Open("public void Dispose()");
        writer.Line("_result.Dispose();");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Top(CodeWriter writer, ModelClass model, OutputMember output)
    {
        var labels = ClassEmitter.GlobalName(model) + ".Labels";
        writer.Line($"/// <summary>Returns the label with the highest score in <see cref=\"{output.Property}\"/>.</summary>");
        writer.Line("/// <param name=\"row\">The index of the sample in the batch.</param>");
        writer.Open("public string TopLabel(int row = 0)");
        writer.Line(output.HasPooledScores ? "return Top(1, row)[0].Label;" : $"return {labels}[{output.Property}.ArgMax(row)];");
        writer.Close();
        writer.Gap();

        var (kind, meaning) = output.Tensor.Scores switch
        {
            "probabilities" => ("Probabilities", "The scores are the probabilities in the output"),
            "log-probabilities" => ("LogProbabilities", "The scores are probabilities, computed from the logarithms in the output"),
            _ when output.Type is { IsFloat: false } => ("Probabilities", "The scores are the values in the output"),
            _ => ("Logits", "The scores are probabilities, computed as the softmax of the output"),
        };
        writer.Line($"/// <summary>Returns the labels with the highest scores in <see cref=\"{output.Property}\"/>, the highest first. {meaning}.</summary>");
        writer.Line("/// <param name=\"k\">The number of labels. All labels are returned if there are fewer.</param>");
        writer.Line("/// <param name=\"row\">The index of the sample in the batch.</param>");
        writer.Open($"public global::System.Collections.Generic.IReadOnlyList<{RuntimeTypes.LabelScore}> Top(int k, int row = 0)");
        writer.Line($"return {output.Property}.Top({labels}, {RuntimeTypes.ScoreKind}.{kind}, k, row);");
        writer.Close();
        writer.Gap();
    }
}
