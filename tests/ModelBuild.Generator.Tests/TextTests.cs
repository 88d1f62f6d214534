using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>The tokenizer of a model. Calls with texts are tested in ModelBuild.Text.Tests.</summary>
public sealed class TextTests
{
    private static readonly SignatureText Texts = new() { Inputs = ["input_ids: int64[batch, n]"], Outputs = ["logits: float32[batch, 2]"] };

    [Fact]
    public void MB2009_a_tokenizer_of_the_item_without_the_package()
    {
        var run = GeneratorRun.Of(Texts with { Tokenizer = "bert" });

        var diagnostic = Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.Contains(
            "Tokenizer=\"bert\" cannot be used for the model 'Models/digits.onnx': the project does not reference the package ModelBuild.Text",
            diagnostic.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tokenizer_that_was_found_may_be_unused()
    {
        var run = GeneratorRun.Of(Texts with { Tokenizer = "tokenizer.json", Source = "the folder of the model" }).MustCompile();

        Assert.DoesNotContain(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.DoesNotContain("Tokenizer", run.Source, StringComparison.Ordinal);
    }
}
