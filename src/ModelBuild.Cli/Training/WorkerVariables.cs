namespace ModelBuild.Cli.Training;

/// <summary>Names the environment variables of this program that give a process its place among the workers of a training.</summary>
internal static class WorkerVariables
{
    /// <summary>The variable with the address where worker 0 listens, as <c>host:port</c>.</summary>
    public const string Address = "MODELBUILD_WORKER_ADDRESS";

    /// <summary>The variable with the secret that all workers have.</summary>
    public const string Secret = "MODELBUILD_WORKER_SECRET";

    /// <summary>The variable with the number of a worker, counted from 0.</summary>
    public const string Rank = "MODELBUILD_WORKER_RANK";

    /// <summary>The variable with the number of workers.</summary>
    public const string Size = "MODELBUILD_WORKERS";

    /// <summary>The variable that names the MPI library, if the library does not follow from the launcher.</summary>
    public const string Mpi = "MODELBUILD_MPI";
}
