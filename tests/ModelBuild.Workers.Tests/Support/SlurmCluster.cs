using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>
/// A Slurm of two nodes on this machine. Slurm's programs find it by an environment variable of the test process, so there is one cluster at a time: the
/// classes that start one belong to the collection <see cref="Collection"/>, and run one after another.
/// </summary>
internal sealed class SlurmCluster : IDisposable
{
    /// <summary>The xunit collection of the classes that start a cluster.</summary>
    public const string Collection = "Slurm";

    private const string Configuration = "SLURM_CONF";

    private static readonly string[] Programs = ["slurmctld", "slurmd", "sbatch", "squeue", "munged"];

    private readonly string _folder;

    private SlurmCluster(string folder) => _folder = folder;

    /// <summary>Starts the cluster. The test is skipped where Slurm is not installed.</summary>
    public static SlurmCluster Start(TemporaryFolder folder)
    {
        var missing = Programs.Where(program => !IsInstalled(program)).ToArray();
        if (missing.Length > 0)
            Assert.Skip($"Slurm is not installed: there is no {string.Join(", ", missing)}. Debian's packages are slurmctld, slurmd, slurm-client and munge.");
        var path = Path.Combine(folder.Path, "slurm");
        var end = ExternalProgram.Run("bash", [Script("start-slurm.sh"), path]);
        Assert.True(end.ExitCode == 0, end.Error);
        Environment.SetEnvironmentVariable(Configuration, end.Output.Trim());
        return new SlurmCluster(path);
    }

    /// <summary>Takes a node out of service. Slurm runs its tasks again on the other one.</summary>
    public static void TakeDown(string node)
    {
        var end = ExternalProgram.Run("scontrol", ["update", $"nodename={node}", "state=down", "reason=test"]);
        Assert.True(end.ExitCode == 0, end.Error);
        // Without this, Slurm waits two minutes before it starts the tasks again.
        foreach (var job in ExternalProgram.Run("squeue", ["--noheader", "--array", "--states=PENDING", "--format=%A"]).Output.Split('\n'))
            if (job.Length > 0)
                ExternalProgram.Run("scontrol", ["update", $"jobid={job.Trim()}", "StartTime=now"]);
    }

    /// <summary>Puts a node into service. It is an error, which changes nothing, if the node has come back by itself.</summary>
    public static void BringUp(string node) => ExternalProgram.Run("scontrol", ["update", $"nodename={node}", "state=resume"]);

    public void Dispose()
    {
        ExternalProgram.Run("bash", [Script("stop-slurm.sh"), _folder]);
        Environment.SetEnvironmentVariable(Configuration, null);
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Slurm", name);

    private static bool IsInstalled(string program)
    {
        try
        {
            ExternalProgram.Run(program, ["-V"]);
            return true;
        }
        catch (CompressionException)
        {
            return false;
        }
    }
}
