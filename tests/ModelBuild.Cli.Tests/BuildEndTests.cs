using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Cli.Tests;

/// <summary>Standard input ends when the build does.</summary>
public sealed class BuildEndTests : BuildTests
{
    [Fact]
    public async Task The_end_of_the_build_is_the_end_of_the_work()
    {
        Loops.Save(Folder.File("Models/digits.onnx"));
        using var process = Program().Start("build-compress", "--watch-stdin", Request("DigitsModel"), Request("Other"));
        var cache = Path.Combine(Folder.Path, "cache");
        await Eventually.IsTrueInAsync(
            process,
            () => Directory.Exists(cache) && Directory.EnumerateFileSystemEntries(cache).Any(),
            TestContext.Current.CancellationToken
        );

        process.StandardInput.Close();
        var result = ModelBuildProgram.Wait(process);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, Lines(result.Output).Length);
        Assert.All(Lines(result.Output), line => Assert.Contains(" : error MB1014: The work was cancelled", line, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(cache));
        Assert.Equal(
            ["DigitsModel.request.json", "Other.request.json"],
            Directory.EnumerateFileSystemEntries(Folder.File("obj")).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public void A_build_that_only_waits_is_not_disturbed()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        using var process = Program().Start("build-compress", "--watch-stdin", Request("DigitsModel"));

        // Standard input stays open until the program has ended by itself.
        var result = ModelBuildProgram.Wait(process);

        Assert.Equal(0, result.ExitCode);
    }
}
