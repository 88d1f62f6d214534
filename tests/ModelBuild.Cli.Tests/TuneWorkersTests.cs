using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>tune</c> with many workers: here, and under schedulers, for which scripts of the tests stand.</summary>
public sealed class TuneWorkersTests : IDisposable
{
    private const string Trials = "4";

    private readonly TemporaryFolder _folder = new();

    public TuneWorkersTests()
    {
        new Net().Input("x", -1, 32).Weight("w", 32, 8).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 8).Save(_folder.File("model.onnx"));
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([32, 32], Noise.Floats(32 * 32))));
    }

    [Fact]
    public void Many_workers_and_workers_of_both_schedulers_give_the_front_of_one_worker()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The schedulers of this test are shell scripts.");
        // Each task of the array is a process. The job is in the queue while one of them runs.
        Script("sbatch", "for i in 1 2; do sh -c \"$(echo \"$*\" | sed 's/.*--wrap //')\" >> sbatch.log 2>&1 & echo $! >> pids; done; echo '12;test'");
        Script("squeue", "for p in $(cat pids); do kill -0 $p 2> /dev/null && echo RUNNING; done; exit 0");
        Script("scancel", "echo \"$@\" > cancelled");
        // The command of the container runs here twice, with the program of the tests.
        Script(
            "kubectl",
            "case $1 in create) command=$(sed -n 's/.*command: \\[\"modelbuild\", //p' | tr -d '\",]'); "
                + $"for i in 1 2; do {ModelBuildProgram.CommandLine} $command & done > kubectl.log 2>&1;; "
                + "get) echo '{}';; delete) echo \"$@\" > deleted;; esac"
        );

        var one = Tune("--study", "one");
        var three = Tune("--study", "three", "--workers", "3");
        var slurm = Tune("--study", "slurm", "--cluster", "slurm", "--workers", "2");
        var kubernetes = Tune(
            "--study",
            "kubernetes",
            "--cluster",
            "kubernetes",
            "--container",
            "image:1",
            "--claim",
            "shared",
            "--mount",
            _folder.Path,
            "--workers",
            "2"
        );

        Assert.All(new[] { one, three, slurm, kubernetes }, result => Assert.Equal((0, ""), (result.ExitCode, result.Error)));
        Assert.Equal(Points("one"), Points("three"));
        Assert.Equal(Points("one"), Points("slurm"));
        Assert.Equal(Points("one"), Points("kubernetes"));
        Assert.Equal("--clusters=test 12\n", File.ReadAllText(_folder.File("cancelled")));
        Assert.StartsWith("delete job modelbuild-", File.ReadAllText(_folder.File("deleted")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_of_a_job_array_is_printed_and_its_workers_need_nothing_else()
    {
        var printed = Tune("--cluster", "slurm", "--workers", "3", "--sbatch", "-p batch --comment='two words'", "--print");
        var before = Program().Run("tune", "model.onnx", "--status");
        var worked = Program().Run("tune", "--worker", "model.study");
        var after = Program().Run("tune", "--study", "model.study", "--status");
        var finished = Tune("--resume");

        var study = _folder.File("model.study");
        Assert.StartsWith(
            "sbatch --parsable --job-name=modelbuild-tune --array=1-12%3 --requeue --open-mode=append ",
            printed.Output,
            StringComparison.Ordinal
        );
        Assert.Contains($" --output={study}/logs/%A_%a.log -p batch ", printed.Output, StringComparison.Ordinal);
        Assert.Contains($" tune --worker {study}'\n", printed.Output, StringComparison.Ordinal);
        Assert.Contains("The study of model.onnx is without a worker at present.\n0 recipes ran", before.Output, StringComparison.Ordinal);
        Assert.Equal((0, "", ""), (worked.ExitCode, worked.Output, worked.Error));
        Assert.Contains("The study of model.onnx is complete.\n4 recipes ran, 0 of them without a result; ", after.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
        Assert.True(File.Exists(_folder.File("model.recipe.json")));
    }

    [Fact]
    public void The_manifest_of_an_indexed_job_is_printed()
    {
        var printed = Tune(
            "--cluster",
            "kubernetes",
            "--container",
            "registry/image:1",
            "--claim",
            "shared",
            "--mount",
            _folder.Path,
            "--workers",
            "5",
            "--print"
        ).Output;

        string[] lines =
        [
            "kind: Job",
            "  completionMode: Indexed",
            "  completions: 5",
            "  parallelism: 5",
            "      restartPolicy: Never",
            "          image: \"registry/image:1\"",
            $"          command: [\"modelbuild\", \"tune\", \"--worker\", \"{_folder.File("model.study")}\"]",
            $"              mountPath: \"{_folder.Path}\"",
            "            claimName: \"shared\"",
        ];
        Assert.All(lines, line => Assert.Contains(line, printed.Split('\n')));
    }

    [Fact]
    public void A_study_that_is_cancelled_ends_its_workers()
    {
        Tune("--cluster", "slurm", "--print");

        var cancelled = Program().Run("tune", "model.onnx", "--cancel");
        var worker = Program().Run("tune", "--worker", "model.study");

        Assert.Equal((0, "The workers of the study end. --resume goes on with it.\n"), (cancelled.ExitCode, cancelled.Output));
        Assert.Equal(0, worker.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder.File("model.study/trials")));
    }

    [Fact]
    public void A_study_is_cancelled_on_a_machine_without_its_scheduler()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The program is started by its path, and Windows looks for other programs beside it.");
        Tune("--cluster", "slurm", "--print");
        File.WriteAllText(_folder.File("model.study/slurm.txt"), "99\n");

        var cancelled = Program().With("PATH", _folder.Path).Run("tune", "model.onnx", "--cancel");

        Assert.Equal(0, cancelled.ExitCode);
        Assert.Equal(
            "The workers of the study end. --resume goes on with it.\n"
                + "This machine has no Slurm. Tasks of the job 99 that wait in its queue end when they start.\n",
            cancelled.Output
        );
        Assert.Equal("", File.ReadAllText(_folder.File("model.study/run.txt")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_job_of_an_earlier_study_does_not_work_on_the_next_one(bool resume)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The scheduler of this test is a shell script.");
        Script("scancel", "echo \"$@\" >> cancelled");
        Tune("--cluster", "slurm", "--print");
        File.WriteAllText(_folder.File("model.study/slurm.txt"), "99;test\n");

        var next = resume ? Tune("--resume") : Tune();

        Assert.Equal((0, ""), (next.ExitCode, next.Error));
        Assert.Equal("--clusters=test 99\n", File.ReadAllText(_folder.File("cancelled")));
        Assert.False(File.Exists(_folder.File("model.study/slurm.txt")));
    }

    [Fact]
    public void A_worker_whose_files_differ_does_not_begin()
    {
        Tune("--cluster", "slurm", "--print");
        File.Delete(_folder.File("data.npz"));
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([33, 32], Noise.Floats(33 * 32))));

        Program().Run("tune", "--worker", "model.study").Fails(2, "MB1005", "model.study", "This machine cannot work on the study, because it has other data");
    }

    [Theory]
    [InlineData("--workers 0: the number must be 1 or more", "--workers", "0")]
    [InlineData("--cluster 'sun' must be slurm or kubernetes", "--cluster", "sun")]
    [InlineData("--sbatch needs --cluster slurm", "--sbatch", "-p batch")]
    [InlineData("--container needs --cluster kubernetes", "--cluster", "slurm", "--container", "image")]
    [InlineData("--claim needs --cluster kubernetes", "--claim", "shared")]
    [InlineData("--cluster kubernetes needs --container, --claim and --mount", "--cluster", "kubernetes", "--container", "image")]
    [InlineData("--mount needs --cluster kubernetes", "--mount", "/shared")]
    [InlineData(
        "Workers in Kubernetes cannot read this file",
        "--cluster",
        "kubernetes",
        "--container",
        "image",
        "--claim",
        "c",
        "--mount",
        "/nowhere",
        "--study",
        "/nowhere/study"
    )]
    [InlineData("--print needs --cluster", "--print")]
    [InlineData("--print needs --trials without --minutes", "--cluster", "slurm", "--print", "--minutes", "5")]
    public void A_wrong_option_is_an_error_before_any_work(string message, params string[] options)
    {
        var result = Tune(options);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"error MB1005: {message}", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "model.study")));
    }

    [Fact]
    public void A_scheduler_that_is_missing_or_refuses_is_an_error()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The scheduler of this test is a shell script.");
        string[] kubernetes = ["--cluster", "kubernetes", "--container", "i", "--claim", "c", "--mount", _folder.Path];

        Tune(new ModelBuildProgram(_folder).With("PATH", _folder.Path), kubernetes).Fails(2, "MB1005", "model.onnx", "The program kubectl cannot be started");
        Script("kubectl", "echo 'error: no permission' >&2; exit 1");
        Tune(kubernetes).Fails(2, "MB1005", "model.onnx", "Kubernetes did not take the job: error: no permission");
    }

    [Fact]
    public void A_job_of_kubernetes_that_was_deleted_ends_the_command()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The scheduler of this test is a shell script.");
        Script("kubectl", "case $1 in get) echo 'Error from server (NotFound): jobs.batch \"modelbuild\" not found' >&2; exit 1;; esac");

        var result = Tune("--cluster", "kubernetes", "--container", "i", "--claim", "c", "--mount", _folder.Path);

        Assert.Contains("All workers ended before the study did", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_onnx_runtime_is_not_one_of_containers()
    {
        string[] kubernetes = ["--cluster", "kubernetes", "--container", "i", "--claim", "c", "--mount", _folder.Path];

        Tune([.. kubernetes, "--onnxruntime", AppContext.BaseDirectory])
            .Fails(2, "MB1005", "model.onnx", "--onnxruntime does not fit --cluster kubernetes, because containers do not have this folder");
    }

    [Fact]
    public void A_worker_with_another_version_of_onnx_runtime_does_not_begin()
    {
        Tune("--cluster", "slurm", "--print");
        var study = _folder.File("model.study/study.json");
        var text = File.ReadAllText(study);
        var version = JsonDocument.Parse(text).RootElement.GetProperty("facts").GetProperty("onnxRuntime").GetString();
        File.WriteAllText(study, text.Replace($"\"onnxRuntime\": \"{version}\"", "\"onnxRuntime\": \"1.2.3\"", StringComparison.Ordinal));

        Program()
            .Run("tune", "--worker", "model.study")
            .Fails(2, "MB1005", "model.study", $"This machine cannot work on the study, because it was made with ONNX Runtime 1.2.3 and not with {version}");
    }

    public void Dispose() => _folder.Dispose();

    private void Script(string name, string text)
    {
        var path = _folder.Write($"bin/{name}", $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    // Returns the figures of the front without measured times.
    private string[] Points(string study) =>
        [
            .. JsonDocument
                .Parse(File.ReadAllText(_folder.File($"{study}/front.json")))
                .RootElement.GetProperty("front")
                .EnumerateArray()
                .Select(point => $"{point.GetProperty("number")} {point.GetProperty("recipe")} {point.GetProperty("result")}"),
        ];

    // The path of the program does not contain the schedulers of this machine.
    private ModelBuildProgram Program() => new ModelBuildProgram(_folder).With("PATH", $"{Path.Combine(_folder.Path, "bin")}:/usr/bin:/bin");

    private ModelBuildProgram.Result Tune(params string[] options) => Tune(Program(), options);

    private static ModelBuildProgram.Result Tune(ModelBuildProgram program, string[] options)
    {
        string[] trials = options.Contains("--minutes") ? [] : ["--trials", Trials];
        return program.Run(["tune", "model.onnx", "--data", "data.npz", "--min-sqnr", "10", .. trials, .. options]);
    }
}
