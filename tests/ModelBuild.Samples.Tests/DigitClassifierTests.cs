namespace ModelBuild.Samples.Tests;

/// <summary>The sample of the first five minutes.</summary>
public sealed class DigitClassifierTests
{
    [Fact]
    public async Task Prints_what_it_found()
    {
        using var program = Samples.Start("DigitClassifier");
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, program.ExitCode);
        Assert.Contains("accuracy", output, StringComparison.Ordinal);
        Assert.Contains("the compressed model predicts 7", output, StringComparison.Ordinal);
    }
}
