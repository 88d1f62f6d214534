using System.Globalization;
using ModelBuild.Cli.Training.Mpi;
using ModelBuild.Cli.Training.Tcp;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Launch;

/// <summary>
/// Finds the place of this process among the workers that <c>mpirun</c>, <c>srun</c> or any other launcher has started, from the environment variables that the
/// launcher sets. Software that is installed on the machine has no effect on the result.
/// </summary>
/// <param name="read">Returns an environment variable; null if it is not set.</param>
internal sealed class WorkerEnvironment(Func<string, string?> read)
{
    private const int ShortestSecret = 16;
    private const string SlurmSize = "SLURM_STEP_NUM_TASKS";

    // The environment variables with the rank and the number of processes: those of this program, Open MPI, MPICH and Slurm. Some launchers do not set the
    // number of processes, so the user sets it.
    private static readonly (string Rank, string Size)[] _places =
    [
        (WorkerVariables.Rank, WorkerVariables.Size),
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
        ("PMI_RANK", "PMI_SIZE"),
        ("PMIX_RANK", SlurmSize),
        ("SLURM_PROCID", SlurmSize),
        ("OMPI_COMM_WORLD_RANK", WorkerVariables.Size),
        ("PMI_RANK", WorkerVariables.Size),
        ("PMIX_RANK", WorkerVariables.Size),
    ];

    // The variables with the rank of a process, without that of Slurm, because Slurm sets SLURM_PROCID in the script of a job as well, which is one process.
    private static readonly string[] _ranks = [.. _places.Select(place => place.Rank).Where(name => name != "SLURM_PROCID").Distinct()];

    /// <summary>Returns the place of this process and the way to the other workers; null if it is the only one.</summary>
    /// <exception cref="CompressionException">MB1005: the variables are incomplete, or several tasks were started without MPI.</exception>
    public WorkerConnection? Find()
    {
        var (rank, size) = _places
            .Select(names => (Rank: Number(names.Rank), Size: Number(names.Size)))
            .FirstOrDefault(place => place is { Rank: not null, Size: not null });
        if (size == 1)
            return null;
        if (read(WorkerVariables.Address) is { Length: > 0 } address)
            return rank is null || size is null
                ? throw Wrong(
                    $"{WorkerVariables.Address} is set, and nothing says which worker this is: set {WorkerVariables.Rank} and {WorkerVariables.Size}, or "
                        + "start the workers with srun or mpirun."
                )
                : new WorkerConnection(Place(rank.Value, size.Value))
                {
                    Meeting = MeetingPoint.Parse(
                        address,
                        read(WorkerVariables.Secret) is { Length: >= ShortestSecret } secret
                            ? secret
                            : throw Wrong(
                                $"{WorkerVariables.Address} needs {WorkerVariables.Secret}, a random text of {ShortestSecret} characters or more "
                                    + "that all workers know."
                            )
                    ),
                };
        if (size is null || rank is null)
            return _ranks.FirstOrDefault(name => read(name) is { Length: > 0 }) is { } alone
                ? throw Wrong(
                    $"{alone} says that this is one of several workers, and {string.Join(" or ", SizesOf(alone))} is missing, so that each of them would "
                        + $"train by itself. Set {WorkerVariables.Size} to the number of workers."
                )
                : null;
        return Library() is { } library
            ? new WorkerConnection(Place(rank.Value, size.Value)) { Mpi = library }
            : throw Wrong(
                $"{size} tasks were started without MPI, so that each of them would train by itself. Give srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH), or "
                    + $"set {WorkerVariables.Address} and {WorkerVariables.Secret} to train over TCP."
            );
    }

    private static IEnumerable<string> SizesOf(string rank) => _places.Where(place => place.Rank == rank).Select(place => place.Size);

    private WorkerPlace Place(int rank, int size) =>
        rank >= 0 && rank < size
            ? new WorkerPlace(rank, size, Threads(OnMachine)) { OnMachine = OnMachine }
            : throw Wrong($"The worker {rank} is not one of {size} workers, which count from 0.");

    private MpiLibrary? Library() =>
        read(WorkerVariables.Mpi) is { Length: > 0 } name
            ? MpiLibrary.All.FirstOrDefault(library => library.Name == name)
                ?? throw Wrong($"{WorkerVariables.Mpi} '{name}' must be one of {string.Join(", ", MpiLibrary.All.Select(library => library.Name))}.")
        : read("OMPI_COMM_WORLD_SIZE") is not null || read("PMIX_RANK") is not null ? MpiLibrary.OpenMpi
        : read("PMI_RANK") is not null ? MpiLibrary.Mpich
        : null;

    /// <summary>
    /// Returns the number of threads of each worker on this machine. The workers share the cores of the machine unless an environment variable sets another
    /// number.
    /// </summary>
    /// <param name="onMachine">The number of workers.</param>
    public int Threads(int onMachine) => Math.Max(1, Number("OMP_NUM_THREADS") ?? Number("SLURM_CPUS_PER_TASK") ?? Environment.ProcessorCount / onMachine);

    private int OnMachine => Math.Max(1, Number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? Number("MPI_LOCALNRANKS") ?? Number("SLURM_NTASKS_PER_NODE") ?? 1);

    private int? Number(string name) => int.TryParse(read(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
