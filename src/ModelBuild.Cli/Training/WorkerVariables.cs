namespace ModelBuild.Cli.Training;

/// <summary>The environment variables of this program that tell a process its place among the workers of a training.</summary>
internal static class WorkerVariables
{
    /// <summary>The address where worker 0 listens, as <c>host:port</c>.</summary>
    public const string Address = "MODELBUILD_WORKER_ADDRESS";

    /// <summary>The secret that all workers have.</summary>
    public const string Secret = "MODELBUILD_WORKER_SECRET";

    /// <summary>The number of a worker, from 0.</summary>
    public const string Rank = "MODELBUILD_WORKER_RANK";

    /// <summary>The number of workers.</summary>
    public const string Size = "MODELBUILD_WORKERS";

    /// <summary>The MPI library, if it does not follow from the launcher.</summary>
    public const string Mpi = "MODELBUILD_MPI";
}
