using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Tests the documentation of scores in the members for labels.</summary>
public sealed class LabelTests
{
    [Theory]
    [InlineData("float32", null, "Logits", "The scores are probabilities, computed as the softmax of the output.")]
    [InlineData("float16", "probabilities", "Probabilities", "The scores are the probabilities in the output.")]
    [InlineData("float32", "log-probabilities", "LogProbabilities", "The scores are probabilities, computed from the logarithms in the output.")]
    [InlineData("uint8", null, "Probabilities", "The scores are the values in the output.")]
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
