using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelBuild.Cli.Processes;
using ModelBuild.Testing;
using ModelBuild.Workers.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Workers.Tests.Training;

/// <summary><c>train</c> as the tasks of <c>srun</c> on a Slurm of two nodes.</summary>
[Collection(SlurmCluster.Collection)]
public sealed class SlurmTrainingTests : IDisposable
{
    private const string Short = "prune fine-tune(steps=20, batch=12)";
    private const string Endless = "prune fine-tune(steps=1000000, batch=12)";

    private readonly TemporaryFolder _folder = new();

    public SlurmTrainingTests()
    {
        new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("net.onnx"));
        Numpy.Npz(_folder.File("train.npz"), ("x", Numpy.Array([200, 64], Noise.Floats(12_800))));
    }

    private string Values => _folder.File("net.trained.safetensors");

    [Theory]
    [InlineData("pmix", "/usr/lib/x86_64-linux-gnu/libmpi.so.40", "in 2 workers over Open MPI")]
    [InlineData("pmi2", "/usr/lib/x86_64-linux-gnu/libmpich.so.12", "in 2 workers over MPICH")]
    [InlineData("none", "", "in 2 workers over TCP")]
    public void Tasks_on_two_nodes_are_workers(string mpi, string library, string words)
    {
        if (library.Length > 0 && !File.Exists(library))
            Assert.Skip($"There is no {library}.");
        using var cluster = SlurmCluster.Start(_folder);

        var (exitCode, output, error) = Wait(StartTasks(mpi, Short));

        Assert.True(exitCode == 0, output + error);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.True(File.Exists(Values));
        Assert.Single(output.Split('\n'), line => line.StartsWith("good: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Tasks_without_MPI_and_without_an_address_are_refused()
    {
        using var cluster = SlurmCluster.Start(_folder);

        var (exitCode, _, error) = Wait(StartTasks("", Short));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error MB1005: 2 tasks were started without MPI", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Values));
    }

    [Fact]
    public async Task A_killed_task_ends_the_job()
    {
        using var cluster = SlurmCluster.Start(_folder);
        using var process = StartTasks("none", Endless);
        await Eventually.IsTrueInAsync(
            process,
            () => File.Exists(_folder.File("net.trained.checkpoints/0.checkpoint.safetensors")),
            TestContext.Current.CancellationToken
        );
        var clock = Stopwatch.StartNew();

        // The newest process with this folder in its command line is a task.
        ExternalProgram.Run("pkill", ["-KILL", "-n", "-f", $"modelbuild.dll.*{_folder.Path}"]);

        var (exitCode, output, error) = Wait(process);
        Assert.NotEqual(0, exitCode);
        Assert.True(error.Contains("error MB1052: ", StringComparison.Ordinal), output + error);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    public void Dispose() => _folder.Dispose();

    // With the option -K1, srun would end the remaining tasks before they write their errors.
    private Process StartTasks(string mpi, string steps)
    {
        var start = new ProcessStartInfo(
            "srun",
            [
                mpi.Length > 0 ? $"--mpi={mpi}" : "--mpi=none",
                "-N2",
                "-n2",
                "--mem=64M",
                "dotnet",
                Path.Combine(AppContext.BaseDirectory, "modelbuild.dll"),
                "train",
                _folder.File("net.onnx"),
                "--compression",
                steps,
                "--training-data",
                _folder.File("train.npz"),
                "--min-sqnr",
                "1",
            ]
        )
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MODELBUILD_ONNXRUNTIME"] = AppContext.BaseDirectory;
        start.Environment["OMP_NUM_THREADS"] = "1";
        if (mpi == "none")
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            start.Environment["MODELBUILD_WORKER_ADDRESS"] = $"127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
            start.Environment["MODELBUILD_WORKER_SECRET"] = "a random secret of this test";
        }

        return Process.Start(start)!;
    }

    private static (int ExitCode, string Output, string Error) Wait(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
                process.Kill(entireProcessTree: true);
            return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}
