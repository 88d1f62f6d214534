using System.Runtime.InteropServices;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Projects for the oldest .NET that can have models, and for frameworks that cannot.</summary>
public sealed class FrameworksTests(PackedFeed feed)
{
    [Fact]
    public async Task An_application_for_NET_8_calls_its_model_without_a_using_and_runs_on_NET_8()
    {
        // The workspace is online, because the packs of the runtime may have to be downloaded.
        var folder = feed.NewWorkspace("net8", isOnline: true);
        folder.WriteModel("my-first.app/digits.onnx");
        folder.Write(
            "my-first.app/Program.cs",
            """
            var (pixels, scores) = (new float[128], new float[20]);
            using var digits = new DigitsModel(new ModelOptions { Threads = 1 });
            using var result = digits.Run(pixels);
            digits.Run(pixels, scores);
            using var later = await digits.RunAsync(pixels, CancellationToken.None);
            await using var batcher = digits.OpenBatcher(new BatcherOptions { MaxRows = 8 });
            using var gathered = await batcher.RunAsync(pixels);
            Console.WriteLine($".NET {Environment.Version.Major}, {later.Scores.Rows + gathered.Scores.Rows} rows, {result.Scores.Span.SequenceEqual(scores)}");
            """
        );
        folder.WriteProject(
            "my-first.app/my-first.app.csproj",
            """
            <TargetFramework>net8.0</TargetFramework>
            <OutputType>Exe</OutputType>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <SelfContained>true</SelfContained>
            <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
            """
        );
        var restored = await folder.TryBuildAsync("restore", "my-first.app");
        if (restored.Codes.Any(code => code is "NU1101" or "NU1102" or "NU1301"))
            Assert.Skip("The packs of the runtime are not on this machine, and none of its NuGet sources has them.");

        var result = await folder.BuildAsync("build", "my-first.app");

        Assert.Empty(result.Codes);
        var program = $"my-first.app/bin/Debug/net8.0/{RuntimeInformation.RuntimeIdentifier}/my-first.app{(OperatingSystem.IsWindows() ? ".exe" : "")}";
        Assert.Equal(".NET 8, 4 rows, True", await folder.RunAsync(program));
    }

    [Theory]
    [InlineData("<TargetFramework>netstandard2.0</TargetFramework>", "Set TargetFramework to net8.0 or newer")]
    [InlineData(
        "<TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks>",
        "Condition=\"'$(TargetFramework)' != 'netstandard2.0'\" on the PackageReference of ModelBuild"
    )]
    public async Task An_older_framework_is_one_error_that_says_what_to_do(string properties, string remedy)
    {
        var folder = feed.NewWorkspace("older");
        folder.WriteModel("Lib/digits.onnx");
        folder.WriteProject("Lib/Lib.csproj", properties + "<LangVersion>latest</LangVersion>");

        var result = await folder.TryBuildAsync("build", "Lib");

        var error = Assert.Single(result.Errors);
        Assert.Equal(("MB1033", "Lib.csproj"), (error.Code, Path.GetFileName(error.File)));
        Assert.Contains("The project targets netstandard2.0, but models need net8.0 or newer. ", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task A_reference_that_only_newer_frameworks_have_gives_them_the_class()
    {
        var folder = feed.NewWorkspace("conditional");
        folder.WriteModel("Lib/digits.onnx");
        folder.Write(
            "Lib/Code.cs",
            """
            public static class Code
            {
            #if NET8_0_OR_GREATER
                public static int Rows() { using var model = new DigitsModel(); return model.Run(new float[64]).Scores.Rows; }
            #endif
            }
            """
        );
        folder.Write(
            "Lib/Lib.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFrameworks>netstandard2.0;net8.0</TargetFrameworks>
                <LangVersion>latest</LangVersion>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ModelBuild" Version="{folder.Version}" Condition="'$(TargetFramework)' != 'netstandard2.0'" />
              </ItemGroup>
            </Project>
            """
        );

        var result = await folder.BuildAsync("build", "Lib");

        Assert.Empty(result.Codes);
        Assert.Contains("models/Lib/DigitsModel.onnx", folder.Files("Lib/bin/Debug/net8.0"));
        Assert.DoesNotContain("models/Lib/DigitsModel.onnx", folder.Files("Lib/bin/Debug/netstandard2.0"));
    }
}
