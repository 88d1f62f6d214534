using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Runtime.FirstAnswer;

/// <summary>
/// Measures the time from the start of a process to its end after one result of the digit model, with the generated class and with usual code, compiled
/// just in time and ahead of time. The processes alternate, so that other work on the machine affects all of them.
/// </summary>
internal static class FirstAnswerBenchmark
{
    private const int Rounds = 61;

    private static readonly (string Name, string Program)[] Programs =
    [
        ("usual code", FirstAnswerPrograms.Plain),
        ("generated class", FirstAnswerPrograms.Generated),
    ];

    private static readonly (string Name, string[] Options)[] Publishes =
    [
        ("with the installed runtime", ["--self-contained", "false"]),
        ("the same, ReadyToRun", ["--self-contained", "false", "-p:PublishReadyToRun=true"]),
        ("NativeAOT", ["-p:PublishAot=true"]),
    ];

    public static void Run(TextWriter output)
    {
        if (CallsBenchmark.DigitModel() is not { } model)
        {
            output.WriteLine("(The digit model, litenet-conv.onnx, is neither among the samples nor in the corpus.)");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine("| publish | code | executable, MB | median, ms | ratio |");
            output.WriteLine("|---|---|---:|---:|---:|");
            foreach (var (publish, options) in Publishes)
            {
                string[] executables =
                [
                    .. Programs.Select(program => Publish(folder.CreateSubdirectory(Path.GetRandomFileName()).FullName, program.Program, options, model)),
                ];
                Report(output, publish, executables, Measure(executables));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Report(TextWriter output, string publish, string[] executables, double[][] milliseconds)
    {
        for (var i = 0; i < executables.Length; i++)
        {
            var ratio = Median(milliseconds[i].Zip(milliseconds[0], (mine, usual) => mine / usual));
            var megabytes = new FileInfo(executables[i]).Length / 1e6;
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {publish} | {Programs[i].Name} | {megabytes:0.0} | {Median(milliseconds[i]):0.0} | {ratio:0.00} |"
                )
            );
        }
    }

    private static double[][] Measure(string[] executables)
    {
        var milliseconds = executables.Select(_ => new double[Rounds]).ToArray();
        foreach (var executable in executables)
            Time(executable);
        for (var round = 0; round < Rounds; round++)
        for (var position = 0; position < executables.Length; position++)
        {
            var i = (position + round) % executables.Length;
            milliseconds[i][round] = Time(executables[i]);
        }

        return milliseconds;
    }

    private static double Time(string executable)
    {
        var start = Stopwatch.GetTimestamp();
        RunToEnd(executable, []);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string Publish(string folder, string program, string[] options, string model)
    {
        foreach (var name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            File.WriteAllText(Path.Combine(folder, name), "<Project />");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        File.WriteAllText(
            Path.Combine(folder, "App.csproj"),
            FirstAnswerPrograms.Project(
                typeof(ModelBuild.Runtime.ModelOptions).Assembly.Location,
                Path.Combine(Corpus.Repository, "src", "ModelBuild.Generator", "bin", Configuration(), "netstandard2.0", "ModelBuild.Generator.dll"),
                Path.Combine(Corpus.Repository, "tests", "ModelBuild.Benchmarks", "Runtime", "Signatures", "DigitsModel.signature.json")
            )
        );
        var published = Path.Combine(folder, "published");
        RunToEnd(
            "dotnet",
            ["publish", Path.Combine(folder, "App.csproj"), "-r", RuntimeInformation.RuntimeIdentifier, "-o", published, "-nodeReuse:false", .. options]
        );
        Directory.CreateDirectory(Path.Combine(published, "models", "Tests"));
        File.Copy(model, Path.Combine(published, "models", "Tests", "DigitsModel.onnx"));
        return Path.Combine(published, OperatingSystem.IsWindows() ? "App.exe" : "App");
    }

    private static void RunToEnd(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Configuration() => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;
}
