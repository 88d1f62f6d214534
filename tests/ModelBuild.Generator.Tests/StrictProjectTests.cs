using System.Diagnostics;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Builds a real project with all analyzers of the SDK enabled and all warnings as errors.</summary>
[Trait("Speed", "Slow")]
public sealed class StrictProjectTests
{
    [Theory]
    [InlineData("internal", "latest")]
    [InlineData("public", "8")]
    public async Task Nobody_complains_about_generated_code(string access, string language)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-strict-").FullName;
        try
        {
            Write("Directory.Build.props", "<Project />");
            Write("Directory.Build.targets", "<Project />");
            Write("Directory.Packages.props", "<Project />");
            Write("App.csproj", Project(language));
            // Authors of libraries add this attribute. Without it, CA1014 would report the project and not the generated code.
            Write("App.cs", "[assembly: System.CLSCompliant(true)]\n");
            Write(
                "DigitsModel.signature.json",
                new SignatureText
                {
                    Access = access,
                    Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")],
                    Inputs =
                    [
                        "image: float16[batch, 1, height, width]",
                        "Mask: bool[batch]",
                        "words: string[*]",
                        "input:0: uint8[]",
                        "table: map(string,tensor(float))",
                        "extra: optional(seq(tensor(float)))",
                    ],
                    Outputs =
                    [
                        "logits: bfloat16[batch, 10]",
                        "class: uint64[batch, ?]",
                        "Dispose: int64[]",
                        "by_class: seq(map(int64,tensor(float)))",
                        "rest: optional(tensor(string))",
                    ],
                }.ToString()
            );
            Write(
                "WideModel.signature.json",
                new SignatureText
                {
                    ClassName = "WideModel",
                    Access = access,
                    Inputs = [.. Enumerable.Range(0, 9).Select(i => $"x{i}: uint16[n, m]")],
                }.ToString()
            );

            Write(
                "VoiceModel.signature.json",
                new SignatureText
                {
                    ClassName = "VoiceModel",
                    Access = access,
                    Inputs = ["input: float32[batch, samples]", "sr: int64[]", "state: float32[2, batch, 128]"],
                    Outputs = ["output: float32[batch, 1]", "stateN: float32[2, batch, 128]"],
                    States = ["stateN=state"],
                }.ToString()
            );

            var (code, output) = await Build(folder);
            Assert.True(code == 0, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
    }

    private static string Project(string language) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <LangVersion>{language}</LangVersion>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <AnalysisLevel>latest-all</AnalysisLevel>
                <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <IsAotCompatible>true</IsAotCompatible>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <Analyzer Include="{typeof(ModelBuildGenerator).Assembly.Location}" />
                <Reference Include="{typeof(Runtime.ModelHost).Assembly.Location}" />
                <Reference Include="{typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.Location}" />
                <Reference Include="{typeof(System.Numerics.Tensors.TensorPrimitives).Assembly.Location}" />
                <CompilerVisibleItemMetadata Include="AdditionalFiles" MetadataName="ModelBuildSignature" />
                <AdditionalFiles Include="*.signature.json" ModelBuildSignature="true" />
              </ItemGroup>
            </Project>
            """;

    private static async Task<(int Code, string Output)> Build(string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["build", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The environment variables of the MSBuild that runs the tests must not affect this build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
