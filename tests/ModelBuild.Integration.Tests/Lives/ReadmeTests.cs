using System.Text.RegularExpressions;
using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>
/// The first program of the README compiles as it stands in the project that <c>dotnet new console</c> makes, and prints what the README says.
/// </summary>
public sealed partial class ReadmeTests(PackedFeed feed)
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Corpus.Repository, "README.md"));

    [Fact]
    public async Task The_first_program_runs_as_it_stands()
    {
        var folder = feed.NewWorkspace("readme");
        // The project of `dotnet new console` with `dotnet add package ModelBuild.Imaging`.
        folder.Write(
            "DigitApp/DigitApp.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ModelBuild.Imaging" Version="{folder.Version}" />
              </ItemGroup>
            </Project>
            """
        );
        folder.Write("DigitApp/digits.task.json", Description().Match(Readme).Groups[1].Value);
        folder.Write("DigitApp/Program.cs", Program().Match(Readme).Groups[1].Value);
        File.Copy(Path.Combine(Corpus.Repository, "samples/DigitClassifier/Models/litenet-conv.onnx"), folder["DigitApp/digits.onnx"]);

        var build = await folder.BuildAsync("build", "DigitApp");

        Assert.Empty(build.Codes);
        var photo = Path.Combine(Corpus.Repository, "samples/DigitClassifier/Data/seven.png");
        Assert.Equal(Printed().Match(Readme).Groups[1].Value, await folder.RunAsync("DigitApp/bin/Debug/net10.0/DigitApp.dll", photo));
        // The package of SkiaSharp for Windows has symbols of 290 MB, which no application needs.
        Assert.DoesNotContain(
            folder.Files("DigitApp/bin"),
            file => file.Contains("Skia", StringComparison.Ordinal) && file.EndsWith(".pdb", StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"`Program\.cs`:\s+```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"`digits\.task\.json`.*?```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Description();

    [GeneratedRegex(@"\$ dotnet run photo\.png\n(.*?)\n```")]
    private static partial Regex Printed();
}
