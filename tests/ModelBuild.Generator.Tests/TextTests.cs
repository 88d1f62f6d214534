using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>The tokenizer of a model. Calls with texts are tested in ModelBuild.Text.Tests.</summary>
public sealed class TextTests
{
    /// <summary>The type by which the generator finds the package. The methods that it writes are not compiled here.</summary>
    private const string Package = "namespace ModelBuild.Text { public sealed class TextInputs { } }";

    private static readonly SignatureText Vectors = new()
    {
        Inputs = ["input_ids: int64[batch, n]", "attention_mask: int64[batch, n]"],
        Outputs = ["last_hidden_state: float32[batch, n, 8]"],
        Tokenizer = "vocab.txt",
        Source = "the folder of the model",
    };

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

    [Theory]
    [InlineData("copy", true)]
    [InlineData("none", false)]
    public void MB2009_a_tokenizer_whose_files_cannot_be_used(string deploy, bool isError)
    {
        var run = WithPackage(Vectors with { Deploy = deploy, Fault = "'modules.json': The module '2_Dense' is not supported." });

        var errors = run.Result.Diagnostics.Where(one => one.Id == "MB2009").Select(one => one.GetMessage(CultureInfo.InvariantCulture));
        const string expected =
            "Tokenizer=\"vocab.txt\" (from the folder of the model) cannot be used for the model 'Models/digits.onnx': 'modules.json': The module '2_Dense' is "
            + "not supported. Tokenizer=\"none\" on the item leaves the tokenizer out.";
        Assert.Equal(isError ? [expected] : [], errors);
    }

    [Fact]
    public void A_tokenizer_whose_files_cannot_be_used_is_no_error_without_the_package() =>
        Assert.DoesNotContain("MB2009", GeneratorRun.Of(Vectors with { Fault = "broken" }).MustCompile().DiagnosticIds);

    [Fact]
    public void Doc_comments_say_how_vectors_are_pooled_and_where_texts_are_cut()
    {
        var source = WithPackage(Vectors with { Pooling = "mean, not normalized, because there is no x", MaxTokens = 512 }).Source;

        const string rest = "The method can be called by many threads at the same time.</summary>";
        Assert.Contains(
            "/// <summary>Computes the vectors of texts. Pooling: mean, not normalized, because there is no x. "
                + "Texts are cut at 512 tokens, special ones included. "
                + rest,
            source,
            StringComparison.Ordinal
        );
        // The source contains the method that takes a tokenizer as an argument.
        Assert.Contains(
            "/// <summary>Computes the vectors of texts. Pooling is that of the files beside the tokenizer: the mean without <c>1_Pooling/config.json</c>, "
                + "and not normalized without <c>modules.json</c>. Texts are cut at the maximum length of the tokenizer, if it has one. "
                + rest,
            source,
            StringComparison.Ordinal
        );
        Assert.Contains("Runs the model on a text. Texts are cut at 512 tokens,", source, StringComparison.Ordinal);
        Assert.Contains("such as a question and a passage. Pairs are cut at 512 tokens,", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, "Texts are cut at 8 tokens, special ones included. The method")]
    [InlineData(512, "Texts are cut at 512 tokens, special ones included. The model takes 12 tokens, and more are an error. The method")]
    public void Doc_comments_name_the_number_of_tokens_that_a_model_takes(int maxTokens, string expected)
    {
        var fixedModel = Vectors with { Inputs = ["input_ids: int64[1, 12]"], Outputs = ["sentence_embedding: float32[1, 8]"], MaxTokens = maxTokens };

        var source = WithPackage(fixedModel).Source;

        Assert.Contains(expected, source, StringComparison.Ordinal);
        Assert.Contains("The vector is the output <c>sentence_embedding</c>, normalized if", source, StringComparison.Ordinal);
        Assert.DoesNotContain("Pooling", source, StringComparison.Ordinal);
    }

    private static GeneratorRun WithPackage(SignatureText signature) => GeneratorRun.Of(Package, LanguageVersion.CSharp8, null, signature);

    [Fact]
    public void A_tokenizer_that_was_found_may_be_unused()
    {
        var run = GeneratorRun.Of(Texts with { Tokenizer = "tokenizer.json", Source = "the folder of the model" }).MustCompile();

        Assert.DoesNotContain(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.DoesNotContain("Tokenizer", run.Source, StringComparison.Ordinal);
    }
}
