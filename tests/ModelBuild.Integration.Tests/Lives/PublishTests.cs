using System.Runtime.InteropServices;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>The ways to publish for one platform. They need packs of the runtime, which a machine without a network may not have.</summary>
public sealed class PublishTests(PackedFeed feed)
{
    private static readonly string Exe = OperatingSystem.IsWindows() ? "App.exe" : "App";

    [Fact]
    public async Task A_single_file_finds_its_models_beside_it_or_within()
    {
        var folder = await ProjectAsync("-p:SelfContained=false");
        string[] single = ["publish", "App", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishSingleFile=true"];

        var result = await folder.BuildAsync([.. single, "-o", folder["single"]]);
        Assert.Empty(result.Codes);
        Assert.Equal(
            [Exe, "models/App/DigitsModel.onnx"],
            folder.Files("single").Where(file => file == Exe || file.Contains("odel", StringComparison.Ordinal))
        );
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("single/" + Exe));

        await folder.BuildAsync([.. single, "-p:IncludeAllContentForSelfExtract=true", "-o", folder["extracting"]]);
        Assert.Equal([Exe], folder.Files("extracting").Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)));
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("extracting/" + Exe));
    }

    [Fact]
    public async Task A_trimmed_application_without_an_installed_runtime_predicts()
    {
        var folder = await ProjectAsync("-p:SelfContained=true", "-p:PublishTrimmed=true");
        var result = await folder.BuildAsync(
            "publish",
            "App",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "--self-contained",
            "-p:PublishTrimmed=true",
            "-o",
            folder["trimmed"]
        );
        Assert.DoesNotContain(result.Codes, code => code?.StartsWith("IL", StringComparison.Ordinal) == true);
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("trimmed/" + Exe));
    }

    [Fact]
    public async Task A_single_file_with_the_model_and_ONNX_Runtime_within_is_one_file()
    {
        var folder = await ProjectAsync("-p:SelfContained=false");
        var result = await folder.BuildAsync(
            "publish",
            "App",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "--self-contained",
            "false",
            "-p:PublishSingleFile=true",
            "-p:IncludeNativeLibrariesForSelfExtract=true",
            "-p:DebugType=none",
            "-p:ModelBuildDeploy=embed",
            "-o",
            folder["one"]
        );
        Assert.Empty(result.Codes);
        Assert.Equal([Exe], folder.Files("one"));
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("one/" + Exe));
    }

    [Fact]
    public async Task An_application_compiled_ahead_of_time_is_small_and_predicts()
    {
        var folder = await ProjectAsync("-p:PublishAot=true");
        var result = await folder.TryBuildAsync(
            "publish",
            "App",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "-p:PublishAot=true",
            "-p:InvariantGlobalization=true",
            "-o",
            folder["native"]
        );
        if (result.Output.Contains("Platform linker", StringComparison.Ordinal))
            Assert.Skip("No linker (clang, gcc or MSVC) is on this machine, and code compiled ahead of time needs one.");
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.Empty(result.Codes);
        Assert.InRange(new FileInfo(folder["native/" + Exe]).Length, 1, 5_000_000);
        Assert.DoesNotContain("App.dll", folder.Files("native"));
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("native/" + Exe));
    }

    [Fact]
    public async Task An_application_with_its_own_runtime_predicts()
    {
        var folder = await ProjectAsync("-p:SelfContained=true");
        var result = await folder.BuildAsync("publish", "App", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-o", folder["contained"]);
        Assert.Empty(result.Codes);
        Assert.Matches(@"^rows 2 best \d$", await folder.RunAsync("contained/" + Exe));
    }

    private async Task<Workspace> ProjectAsync(params string[] options)
    {
        var folder = feed.NewWorkspace("publish", isOnline: true);
        folder.WriteModel("App/Models/digits.onnx");
        folder.Write("App/Program.cs", AppLife.Program);
        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType><DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>"
        );
        var restored = await folder.TryBuildAsync(["restore", "App", "-r", RuntimeInformation.RuntimeIdentifier, .. options]);
        if (restored.Codes.Any(code => code is "NU1101" or "NU1102" or "NU1301"))
            Assert.Skip("The packs of the runtime are not on this machine, and none of its NuGet sources has them.");
        Assert.True(restored.ExitCode == 0, restored.Output);
        return folder;
    }
}
