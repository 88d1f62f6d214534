using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>train --workers</c>, and <c>train</c> as a task of <c>mpirun</c> or another launcher.</summary>
public sealed class TrainWorkersTests : IDisposable
{
    private const string Short = "prune fine-tune(steps=20, batch=12)";
    private const string Long = "prune fine-tune(steps=4000, batch=12)";
    private const string Endless = "prune fine-tune(steps=1000000, batch=12)";

    private readonly TemporaryFolder _folder = new();

    public TrainWorkersTests()
    {
        new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("net.onnx"));
        Numpy.Npz(_folder.File("train.npz"), ("x", Numpy.Array([200, 64], Noise.Floats(12_800))));
    }

    private string Values => _folder.File("net.trained.safetensors");

    [Fact]
    public void Three_processes_write_one_file()
    {
        var result = Run(Short, "--workers", "3", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var training = result.Json.GetProperty("steps").EnumerateArray().Last().GetProperty("training");
        Assert.Equal(3, training.GetProperty("workers").GetProperty("count").GetInt32());
        Assert.Equal("TCP", training.GetProperty("workers").GetProperty("transport").GetString());
        Assert.Equal(["net.onnx", "net.trained.safetensors", "train.npz"], _folder.Names());
        var first = File.ReadAllBytes(Values);

        Assert.Equal(0, Run(Short, "--workers", "3").ExitCode);

        Assert.Equal(first, File.ReadAllBytes(Values));
        Assert.Contains("in 3 workers over TCP", Run(Short, "--workers", "3").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_worker_ends_the_run_with_one_error_and_the_next_run_goes_on()
    {
        SkipOnWindows();
        Assert.Equal(0, Run(Long, "--workers", "2").ExitCode);
        var whole = await File.ReadAllBytesAsync(Values, Cancelled);
        File.Delete(Values);
        using var process = await StartAndWaitForCheckpoint(Long, "--workers", "2");
        var clock = Stopwatch.StartNew();

        await ChildProcesses.SignalAsync("-KILL", Assert.Single(ChildProcesses.Of(process)));

        ModelBuildProgram
            .Wait(process)
            .Fails(1, "MB1052", "net.onnx", "Worker 1 has ended without a message, as a process that was killed does. All workers have ended.");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.False(File.Exists(Values));

        Assert.Equal((0, ""), (Run(Long, "--workers", "2", "--resume") is var resumed ? (resumed.ExitCode, resumed.Error) : default));
        Assert.Equal(whole, await File.ReadAllBytesAsync(Values, Cancelled));
        Assert.Equal(["net.onnx", "net.trained.safetensors", "train.npz"], _folder.Names());
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_worker_that_is_silent_ends_the_run()
    {
        SkipOnWindows();
        using var process = await StartAndWaitForCheckpoint(Endless, "--workers", "3");
        var clock = Stopwatch.StartNew();
        var stopped = ChildProcesses.Of(process)[1];

        await ChildProcesses.SignalAsync("-STOP", stopped);

        var result = ModelBuildProgram.Wait(process);
        // The error comes after 20 to 25 seconds. A busy machine may need longer to end the processes.
        Assert.InRange(clock.Elapsed.TotalSeconds, 15, 60);
        Assert.Contains("has not answered for 20 seconds.", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/proc/{stopped}"));
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_keeps_the_state_and_ends_all_processes(string signal)
    {
        SkipOnWindows();
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        using var process = await StartAndWaitForCheckpoint(Endless, "--workers", "2");
        var child = Assert.Single(ChildProcesses.Of(process));

        await ChildProcesses.SignalAsync(signal, process.Id.ToString(CultureInfo.InvariantCulture));

        ModelBuildProgram.Wait(process).Fails(1, "MB1014", "net.onnx", "run the same command with --resume to continue");
        Assert.False(Directory.Exists($"/proc/{child}"));
        Assert.True(Directory.Exists(_folder.File("net.trained.checkpoints")));
    }

    [Fact]
    public async Task No_worker_outlives_a_killed_command()
    {
        SkipOnWindows();
        using var process = await StartAndWaitForCheckpoint(Endless, "--workers", "3");
        var children = ChildProcesses.Of(process);
        Assert.Equal(2, children.Length);

        await ChildProcesses.SignalAsync("-KILL", process.Id.ToString(CultureInfo.InvariantCulture));

        for (var i = 0; i < 600 && children.Any(child => Directory.Exists($"/proc/{child}")); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled);
        Assert.DoesNotContain(children, child => Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task An_interrupt_of_all_processes_of_a_terminal_keeps_the_state()
    {
        SkipOnWindows();
        using var process = await StartAndWaitForCheckpoint(Endless, "--workers", "2");
        var child = Assert.Single(ChildProcesses.Of(process));

        // The test uses SIGTERM instead of Ctrl+C, because processes without a terminal may ignore Ctrl+C.
        await ChildProcesses.SignalAsync("-TERM", child);
        await ChildProcesses.SignalAsync("-TERM", process.Id.ToString(CultureInfo.InvariantCulture));

        ModelBuildProgram.Wait(process).Fails(1, "MB1014", "net.onnx", "run the same command with --resume to continue");
    }

    [Theory]
    [InlineData("mpirun.openmpi", "--allow-run-as-root --oversubscribe")]
    [InlineData("mpirun.mpich", "")]
    public async Task A_killed_task_of_mpirun_ends_all_of_them(string launcher, string options)
    {
        using var process = StartTasks(launcher, options, Endless, "--output", Values);
        await Eventually.IsTrueInAsync(process, () => File.Exists(_folder.File("net.trained.checkpoints/0.checkpoint.safetensors")), Cancelled);
        var clock = Stopwatch.StartNew();

        using (var kill = Process.Start("pkill", ["-KILL", "-n", "-f", _folder.Path]))
            await kill.WaitForExitAsync(Cancelled);

        Assert.NotEqual(0, ModelBuildProgram.Wait(process).ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.False(File.Exists(Values));
    }

    [Fact]
    public void A_missed_budget_is_one_error_and_the_values_are_kept()
    {
        Run(Short, "--workers", "3", "--min-sqnr", "90").Fails(1, "MB1009", "net.onnx", "The trained values are kept");

        Assert.Equal(["net.onnx", "net.trained.safetensors", "train.npz"], _folder.Names());
    }

    [Theory]
    [InlineData("mpirun.openmpi", "--allow-run-as-root --oversubscribe")]
    [InlineData("mpirun.mpich", "")]
    public void A_missed_budget_of_tasks_of_mpirun_keeps_the_values(string launcher, string options)
    {
        var result = Launch(launcher, options, Short, "--min-sqnr", "90");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Single(result.Error.Split('\n'), line => line.Contains(" error MB", StringComparison.Ordinal));
        Assert.Contains("net.onnx : error MB1009: ", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Values));
    }

    [Fact]
    public void A_fault_before_the_training_is_one_error()
    {
        File.WriteAllText(_folder.File("broken.onnx"), "this is no model");

        Run($"distill(student=broken.onnx, steps=4)", "--workers", "3").Fails(1, "MB1003", _folder.File("broken.onnx"), "");
    }

    [Fact]
    public async Task A_signal_to_one_worker_ends_all_of_them()
    {
        SkipOnWindows();
        using var process = await StartAndWaitForCheckpoint(Endless, "--workers", "2");

        await ChildProcesses.SignalAsync("-TERM", Assert.Single(ChildProcesses.Of(process)));

        ModelBuildProgram.Wait(process).Fails(1, "MB1014", "net.onnx", "run the same command with --resume to continue");
    }

    [Fact]
    public void One_worker_trains_by_itself_under_a_launcher()
    {
        var result = new ModelBuildProgram(_folder).With("SLURM_PROCID", "0").With("SLURM_STEP_NUM_TASKS", "2").Run(Arguments(Short, "--workers", "1"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("0", "--workers 0: the number must be 1 or more.")]
    [InlineData("5", "A batch of 12 rows cannot be divided evenly among 5 workers: use batch=15 or another number of workers.")]
    public void Numbers_that_do_not_fit_are_errors(string workers, string message)
    {
        Run(Short, "--workers", workers).Fails(2, "MB1005", "net.onnx", message);
        Assert.Equal(["net.onnx", "train.npz"], _folder.Names());
    }

    [Fact]
    public void Data_at_fault_is_one_error()
    {
        File.WriteAllBytes(_folder.File("train.npz"), [1, 2, 3]);

        Run(Short, "--workers", "2").Fails(1, "MB1019", _folder.File("train.npz"), "");
    }

    [Fact]
    public void Any_launcher_can_start_the_workers()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            var address = $"127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
            free.Stop();
            var processes = Enumerable
                .Range(0, 2)
                .Select(rank =>
                    new ModelBuildProgram(_folder)
                        .With("MODELBUILD_WORKER_ADDRESS", address)
                        .With("MODELBUILD_WORKER_SECRET", "a random secret of this test")
                        .With("MODELBUILD_WORKER_RANK", rank.ToString(CultureInfo.InvariantCulture))
                        .With("MODELBUILD_WORKERS", "2")
                        .With("OMP_NUM_THREADS", "1")
                        .Start(Arguments(Short))
                )
                .ToArray();
            var results = Array.ConvertAll(processes, ModelBuildProgram.Wait);
            Assert.Equal([(0, ""), (0, "")], results.Select(result => (result.ExitCode, result.Error)));
            Assert.Contains("in 2 workers over TCP", results[0].Output, StringComparison.Ordinal);
            Assert.Equal("", results[1].Output);
        }

        var launched = File.ReadAllBytes(Values);
        Assert.Equal(0, Run(Short, "--workers", "2").ExitCode);
        Assert.Equal(File.ReadAllBytes(Values), launched);
    }

    [Fact]
    public void Tasks_without_MPI_are_refused()
    {
        var result = new ModelBuildProgram(_folder).With("SLURM_PROCID", "0").With("SLURM_STEP_NUM_TASKS", "2").Run(Arguments(Short));

        result.Fails(2, "MB1005", "net.onnx", "2 tasks were started without MPI");
    }

    [Theory]
    [InlineData("mpirun.openmpi", "--allow-run-as-root --oversubscribe", "Open MPI")]
    [InlineData("mpirun.mpich", "", "MPICH")]
    public void Tasks_of_mpirun_are_workers(string launcher, string options, string title)
    {
        var result = Launch(launcher, options, Short, "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("", result.Error);
        var workers = result.Json.GetProperty("steps").EnumerateArray().Last().GetProperty("training").GetProperty("workers");
        Assert.Equal((2, title), (workers.GetProperty("count").GetInt32(), workers.GetProperty("transport").GetString()));
        Assert.Equal(["net.onnx", "net.trained.safetensors", "train.npz"], _folder.Names());
        var launched = File.ReadAllBytes(Values);

        Assert.Equal(0, Run(Short, "--workers", "2").ExitCode);

        // The sum of two numbers does not depend on their order, so the constants are equal. The metadata contains the transport.
        Assert.Equal(File.ReadAllBytes(Values)[^16_384..], launched[^16_384..]);
    }

    [Theory]
    [InlineData("mpirun.openmpi", "--allow-run-as-root --oversubscribe")]
    [InlineData("mpirun.mpich", "")]
    public void A_fault_of_tasks_of_mpirun_ends_all_of_them(string launcher, string options)
    {
        var clock = Stopwatch.StartNew();

        var result = Launch(launcher, options, "prune fine-tune(steps=20, batch=13)");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("net.onnx : error MB1005: A batch of 13 rows cannot be divided evenly among 2 workers", result.Error, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.False(File.Exists(Values));
    }

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static void SkipOnWindows()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The test finds child processes in /proc.");
    }

    private ModelBuildProgram.Result Launch(string launcher, string options, string steps, params string[] more)
    {
        using var process = StartTasks(launcher, options, steps, more);
        return ModelBuildProgram.Wait(process);
    }

    private Process StartTasks(string launcher, string options, string steps, params string[] more)
    {
        if (!File.Exists($"/usr/bin/{launcher}"))
            Assert.Skip($"{launcher} is not installed.");
        var words = string.Join(' ', Arguments(steps, more).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("bash", ["-c", $"exec {launcher} {options} -np 2 {ModelBuildProgram.CommandLine} {words}"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MODELBUILD_ONNXRUNTIME"] = ModelBuildProgram.OnnxRuntimeFolder;
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    private ModelBuildProgram.Result Run(string steps, params string[] more) =>
        new ModelBuildProgram(_folder).With("OMP_NUM_THREADS", "1").Run(Arguments(steps, more));

    private async Task<Process> StartAndWaitForCheckpoint(string steps, params string[] more)
    {
        var process = new ModelBuildProgram(_folder).With("OMP_NUM_THREADS", "1").Start(Arguments(steps, more));
        await Eventually.IsTrueInAsync(process, () => File.Exists(_folder.File("net.trained.checkpoints/0.checkpoint.safetensors")), Cancelled);
        return process;
    }

    private static string[] Arguments(string steps, params string[] more) =>
        [
            "train",
            "net.onnx",
            "--compression",
            steps,
            "--training-data",
            "train.npz",
            .. more.Contains("--min-sqnr") ? [] : new[] { "--min-sqnr", "1" },
            .. more,
        ];
}
