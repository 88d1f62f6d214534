using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

public sealed class CorpusTests(CorpusLife life) : IClassFixture<CorpusLife>
{
    [Fact]
    public void Every_model_builds_without_a_warning()
    {
        SkipWithoutCorpus();
        Assert.Empty(life.Result.Errors);
        Assert.Empty(life.Result.Warnings.Select(warning => $"{warning.Code} {warning.File}: {warning.Message}"));
    }

    [Fact]
    public void Every_models_class_loads_its_compressed_model()
    {
        SkipWithoutCorpus();
        Assert.Equal(life.Models.Count, life.Lines.Length);
    }

    [Fact]
    public void Every_model_has_its_measured_fidelity()
    {
        SkipWithoutCorpus();
        var table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "corpus-fidelity.md"));
        Assert.All(life.Models, model => Assert.Contains($"| {model} |", table, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(table);
    }

    private void SkipWithoutCorpus()
    {
        if (life.Models.Count == 0)
            MissingData.SkipOrFail($"There is no corpus (looked in '{Corpus.Root}'; MODELBUILD_CORPUS names another folder).");
    }
}
