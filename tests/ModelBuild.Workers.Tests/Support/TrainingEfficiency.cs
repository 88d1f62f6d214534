using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Training;
using ModelBuild.Cli.Training.Tcp;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>
/// Measures how much faster two processes train, and computes it for more machines: a step of N workers takes the time of the gradients of one worker, and
/// the time of the exchange, 2·(N−1)/N times the bytes of the gradients at the bandwidth of the network, and 2·(N−1) messages one after another.
/// </summary>
internal static class TrainingEfficiency
{
    /// <summary>The first argument of the process that exchanges numbers with this one.</summary>
    public const string Command = "ring-member";

    private const string Secret = "benchmark";
    private const int Batch = 32;
    private const int FewSteps = 200;
    private const int ManySteps = 800;
    private const int Exchanges = 50;
    private const double Latency = 50e-6;

    private static readonly (string Name, string Data)[] _models =
    [
        ("litenet-conv", "mnist"),
        ("litenet-fc", "mnist"),
        ("fashion-resnet", "fashion"),
        ("fashion-mobilenet", "fashion"),
    ];

    private static readonly double[] _gigabits = [1, 10, 100];

    /// <summary>Prints the tables.</summary>
    /// <param name="output">The writer.</param>
    /// <param name="corpus">The folder with the models and the images.</param>
    public static void Run(TextWriter output, string corpus)
    {
        var rows = _models.Select(model => Measure(corpus, model.Name, model.Data)).ToArray();
        output.WriteLine(
            $"| model, {Batch} rows in each worker | gradients, kB | one worker, ms a step | two workers, ms a step | exchange alone, ms | efficiency of two |"
        );
        output.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {row.Model} | {row.Bytes / 1000.0:0} | {row.One * 1e3:0.0} | {row.Two * 1e3:0.0} | ")
                    + string.Create(CultureInfo.InvariantCulture, $"{row.Exchange * 1e3:0.00} | {row.One / row.Two:0.00} |")
            );
        output.WriteLine();
        output.WriteLine("| model | bandwidth | 2 machines | 4 | 8 | 16 | 32 |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        foreach (var gigabits in _gigabits)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {row.Model} | {gigabits:0} Gbit/s | ")
                    + string.Join(
                        " | ",
                        new[] { 2, 4, 8, 16, 32 }.Select(count => Modelled(row, count, gigabits).ToString("0.00", CultureInfo.InvariantCulture))
                    )
                    + " |"
            );
    }

    /// <summary>Exchanges numbers with the process that measures.</summary>
    public static int Exchange(string port, string count)
    {
        var meeting = new MeetingPoint("127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture), Secret);
        using var group = Rendezvous.Join(new WorkerPlace(1, 2, 1), meeting, CancellationToken.None);
        Time(group, int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Modelled(Row row, int count, double gigabits) =>
        row.One / (row.One + (2.0 * (count - 1) / count * row.Bytes * 8 / (gigabits * 1e9)) + (2 * (count - 1) * Latency));

    private static Row Measure(string corpus, string name, string data)
    {
        var model = Path.Combine(corpus, "litenet", $"{name}.onnx");
        var bytes = new FileInfo(model).Length;
        return new Row(
            name,
            bytes,
            (Train(corpus, model, data, workers: 1, ManySteps) - Train(corpus, model, data, workers: 1, FewSteps)) / (ManySteps - FewSteps),
            (Train(corpus, model, data, workers: 2, ManySteps) - Train(corpus, model, data, workers: 2, FewSteps)) / (ManySteps - FewSteps),
            MeasureExchange((int)(bytes / sizeof(float)))
        );
    }

    // The difference of two runs contains neither the start of the process nor the evaluations. The learning rate is so small that the result is within any
    // budget.
    private static double Train(string corpus, string model, string data, int workers, int steps)
    {
        using var folder = new TemporaryFolder();
        string[] words =
        [
            .. Program(),
            "train",
            model,
            "--compression",
            $"fine-tune(steps={steps}, batch={Batch * workers}, rate=1e-9)",
            "--training-data",
            Path.Combine(corpus, "litenet", $"{data}-train.npz"),
            "--no-verify",
            "--workers",
            $"{workers}",
            "--output",
            folder.File("values.safetensors"),
        ];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true };
        start.Environment["MODELBUILD_ONNXRUNTIME"] = AppContext.BaseDirectory;
        // One worker has one core in both cases.
        if (workers == 1)
            start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return clock.Elapsed.TotalSeconds;
    }

    private static double MeasureExchange(int count)
    {
        var place = new WorkerPlace(0, 2, 1);
        using var rendezvous = Rendezvous.Listen(place, new MeetingPoint("127.0.0.1", 0, Secret));
        var words = WorkerProcess.Words(Command, $"{rendezvous.Port}", $"{count}");
        using var other = Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
        double time;
        using (var group = rendezvous.Lead(CancellationToken.None))
            time = Time(group, count);
        other.WaitForExit();
        return time;
    }

    private static double Time(TcpGroup group, int count)
    {
        var values = new float[count];
        for (var i = 0; i < Exchanges; i++)
            group.Sum(values);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Exchanges; i++)
            group.Sum(values);
        return clock.Elapsed.TotalSeconds / Exchanges;
    }

    private static string[] Program() =>
        [
            Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? Environment.ProcessPath! : "dotnet",
            Path.Combine(AppContext.BaseDirectory, "modelbuild.dll"),
        ];

    private sealed record Row(string Model, long Bytes, double One, double Two, double Exchange);
}
