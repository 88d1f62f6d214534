using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>What the members for labels say of scores.</summary>
public sealed class LabelTests
{
    [Theory]
    [InlineData("float32", null, "Logits", "Scores are probabilities: the softmax of what the model gives.")]
    [InlineData("float16", "probabilities", "Probabilities", "Scores are probabilities, as the model gives them.")]
    [InlineData("float32", "log-probabilities", "LogProbabilities", "Scores are probabilities; the model gives their logarithms.")]
    [InlineData("uint8", null, "Probabilities", "Scores are the model's own.")]
    public void Top_knows_what_the_model_gives(string type, string? scores, string kind, string words)
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Labels = ["a", "b"],
                    Outputs = [$"y: {type}[n, 2]"],
                    Scores = scores,
                }
            )
            .MustCompile()
            .Source;
        Assert.Contains(
            $"return Y.Top(global::App.DigitsModel.Labels, global::ModelBuild.Runtime.ScoreKind.{kind}, k, row);",
            source,
            StringComparison.Ordinal
        );
        Assert.Contains(words, source, StringComparison.Ordinal);
    }
}
