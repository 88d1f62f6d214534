using System.Diagnostics;
using System.Text.RegularExpressions;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Cli.Tests;

/// <summary>Tests the progress line in a terminal.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(80)]
    [InlineData(140)]
    public void A_terminal_shows_the_elapsed_time_the_step_the_best_figure_and_what_is_left(int columns)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Assert.Skip("The terminal is made with the program 'script' of Linux.");
        File.Copy(Corpus.Path("litenet/litenet-conv.onnx"), _folder.File("digits.onnx"));

        var output = Run(columns, $"compress digits.onnx --calibration-data '{Corpus.Path("litenet/mnist-calibration.npz")}' --compression int8");

        string[] lines = [.. Regex.Matches(output, @"\d+:\d\d digits\.onnx: [^\r\n\u001b]*").Select(match => match.Value.TrimEnd())];
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^0:\d\d digits\.onnx: step 2 of 3 int8,( .*,)? best \d+\.\d dB, (then verifying|1 left)$"));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, columns - 1));
        Assert.Matches(@"good: 88,914 -> [\d,]+ bytes \(\d+ %\), logits \d+\.\d dB", output);
    }

    public void Dispose() => _folder.Dispose();

    private string Run(int columns, string arguments)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/script",
            ["-qec", $"stty cols {columns} rows 50; exec {ModelBuildProgram.CommandLine} {arguments}", "/dev/null"]
        )
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["TERM"], start.Environment["MODELBUILD_ONNXRUNTIME"]) = ("xterm-256color", ModelBuildProgram.OnnxRuntimeFolder);
        // The program takes a process of continuous integration for one without a terminal, so the variables are removed.
        foreach (var name in start.Environment.Keys.Where(name => name is "CI" or "GITHUB_ACTIONS" or "TF_BUILD" or "NO_COLOR").ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var result = ModelBuildProgram.Wait(process);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }
}
