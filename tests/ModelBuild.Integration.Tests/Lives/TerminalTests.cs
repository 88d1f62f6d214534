using System.Text.RegularExpressions;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Tests the output of a build in a terminal, where MSBuild's terminal logger hides messages.</summary>
public sealed partial class TerminalTests(PackedFeed feed)
{
    [Theory]
    [InlineData(80)]
    [InlineData(140)]
    public async Task Each_model_has_a_line_progress_is_shown_and_a_second_build_says_nothing(int columns)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Assert.Skip("The terminal is made with the program 'script' of Linux.");
        var folder = feed.NewWorkspace("terminal");
        folder.Environment["ModelBuildCacheDirectory"] = folder["cache"];
        folder.WriteModel("App/digits.onnx");
        folder.WriteModel("App/faces.onnx", seed: 2);
        folder.WriteProject("App/App.csproj", "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>");
        await folder.BuildAsync("restore", "App");

        var first = await BuildAsync(folder, columns);
        var again = await BuildAsync(folder, columns);
        var asked = await BuildAsync(folder, columns, "-v:n");
        var isolated = await BuildAsync(folder, columns, "-isolate", "-p:ModelBuildMinSqnr=20");

        foreach (var model in new[] { "DigitsModel", "FacesModel" })
        {
            var line = Assert.Single(Plain(first), line => line.Contains($"{model} succeeded", StringComparison.Ordinal));
            Assert.Matches(
                $@"{model} succeeded \(\d+\.\ds\) → [\d,]+ -> [\d,]+ bytes, \d+\.\d dB on synthetic inputs, "
                    + $@"App/obj/Debug/net10\.0/modelbuild/{model}\.report\.html$",
                line
            );
            Assert.Matches(
                $@"{model} succeeded \(\d+\.\ds\) → up to date, [\d,]+ bytes, App/obj/",
                Assert.Single(Plain(asked), line => line.Contains($"{model} succeeded", StringComparison.Ordinal))
            );
        }

        string[] shown = [.. Shown().Matches(first).Select(match => match.Groups["target"].Value)];
        Assert.Contains("compress model 1 of 2", shown);
        Assert.Contains(shown, target => Step().IsMatch(target));
        Assert.DoesNotContain("warning", first, StringComparison.Ordinal);
        Assert.DoesNotContain(Plain(again), line => line.Contains("DigitsModel", StringComparison.Ordinal));
        Assert.DoesNotContain("error", isolated, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["App/obj/Debug/net10.0/modelbuild/terminal"]));
    }

    private static async Task<string> BuildAsync(Workspace folder, int columns, params string[] options)
    {
        var command = $"stty cols {columns} rows 50; exec '{Machine.Dotnet}' build App --no-restore -nodeReuse:false {string.Join(' ', options)}";
        var environment = new Dictionary<string, string>(folder.Environment) { ["TERM"] = "xterm-256color" };
        var (exitCode, output) = await Dotnet.RunAsync("/usr/bin/script", ["-qec", command, "/dev/null"], folder.Root, environment);
        Assert.True(exitCode == 0, output);
        return output;
    }

    // Returns the lines of the final screen. Lines about running targets are overwritten during the build.
    private static IEnumerable<string> Plain(string output) =>
        output.Split('\n').Where(line => !line.Contains("\u001b[120G", StringComparison.Ordinal)).Select(line => Codes().Replace(line, "").TrimEnd());

    [GeneratedRegex(@"\u001b\][^\u001b]*\u001b\\|\u001b\[[0-9;?]*[A-Za-z]|\u001b=")]
    private static partial Regex Codes();

    [GeneratedRegex(@"\u001b\[120G\u001b\[\d+D(?<target>[^\u001b]+) \(\d+\.\ds\)")]
    private static partial Regex Shown();

    [GeneratedRegex(@"step \d of \d ")]
    private static partial Regex Step();
}
