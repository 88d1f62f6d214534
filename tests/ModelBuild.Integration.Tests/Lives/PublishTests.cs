using System.Runtime.InteropServices;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>The ways to publish that need nothing but what the SDK has with it.</summary>
public sealed class PublishTests(PackedFeed feed)
{
    [Fact]
    [Trait("scenario", "55")]
    [Trait("scenario", "56")]
    [Trait("scenario", "59")]
    public async Task A_single_file_finds_its_models_beside_it_or_within()
    {
        var folder = feed.NewWorkspace("publish");
        folder.WriteModel("App/Models/digits.onnx");
        folder.Write("App/Program.cs", AppLife.Program);
        folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        var exe = OperatingSystem.IsWindows() ? "App.exe" : "App";
        string[] single = ["publish", "App", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishSingleFile=true"];

        var result = await folder.BuildAsync([.. single, "-o", folder["single"]]);
        Assert.Empty(result.Codes);
        Assert.Equal([exe, "models/App/DigitsModel.onnx"], folder.Files("single").Where(file => file == exe || file.Contains("odel", StringComparison.Ordinal)));
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("single/" + exe));

        await folder.BuildAsync([.. single, "-p:IncludeAllContentForSelfExtract=true", "-o", folder["extracting"]]);
        Assert.Equal([exe], folder.Files("extracting").Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)));
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("extracting/" + exe));
    }
}
