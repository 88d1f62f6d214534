using System.IO.Compression;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Tests that a project's own results affect neither its next build nor its package.</summary>
public sealed class LeftoversTests(PackedFeed feed)
{
    [Fact]
    public async Task A_librarys_results_are_packed_and_not_taken_for_models()
    {
        var folder = feed.NewWorkspace("leftovers");
        folder.WriteModel("Lib/Models/digits.onnx");
        folder.WriteProject("Lib/Lib.csproj", "<Version>1.0.0-test</Version>");
        await folder.BuildAsync("restore", "Lib");

        // The project has one target framework, so that pack runs in the same project instance as the build.
        var packed = await folder.BuildAsync("pack", "Lib", "--no-restore", "-o", folder["packages"]);
        Assert.Empty(packed.Codes);
        using (var package = await ZipFile.OpenReadAsync(folder["packages/Lib.1.0.0-test.nupkg"], TestContext.Current.CancellationToken))
            Assert.Single(package.Entries, entry => entry.FullName == "models/Lib/DigitsModel.onnx");

        await folder.BuildAsync("publish", "Lib", "--no-restore", "-o", folder["Lib/out"]);
        Assert.True(File.Exists(folder["Lib/out/models/Lib/DigitsModel.onnx"]));
        File.Copy(folder["Lib/Models/digits.onnx"], folder["Lib/Models/digits.compressed.onnx"]);
        var again = await folder.BuildAsync("build", "Lib", "--no-restore");
        Assert.Empty(again.Codes);
        Assert.Equal(["DigitsModel.onnx"], Directory.EnumerateFiles(folder["Lib/bin/Debug/net10.0/models/Lib"]).Select(Path.GetFileName));
    }
}
