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
        // The project of `dotnet new console` with `dotnet add package ModelBuild`.
        folder.WriteProject("DigitApp/DigitApp.csproj", "<OutputType>Exe</OutputType>");
        folder.Write("DigitApp/Program.cs", Program().Match(Readme).Groups[1].Value);
        File.Copy(Path.Combine(Corpus.Repository, "samples/DigitClassifier/Models/litenet-conv.onnx"), folder["DigitApp/digits.onnx"]);

        var build = await folder.BuildAsync("build", "DigitApp");

        Assert.Empty(build.Codes);
        Assert.Equal(Printed().Match(Readme).Groups[1].Value, await folder.RunAsync("DigitApp/bin/Debug/net10.0/DigitApp.dll"));
    }

    [GeneratedRegex(@"`Program\.cs`:\s+```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"\$ dotnet run\n(.*?)\n```")]
    private static partial Regex Printed();
}
