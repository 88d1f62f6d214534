using ModelBuild.Cli.Training.Launch;
using ModelBuild.Cli.Training.Mpi;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Workers.Tests.Training;

/// <summary>The environment variables of launchers tell which worker a process is.</summary>
public sealed class WorkerEnvironmentTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4", 1, 4, "Open MPI")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2", 0, 2, "MPICH")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2", 0, 2, "MPICH")]
    [InlineData("PMIX_RANK=3 SLURM_PROCID=3 SLURM_STEP_NUM_TASKS=8", 3, 8, "Open MPI")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 MODELBUILD_MPI=standard", 0, 2, "MPI 5")]
    [InlineData("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2 MODELBUILD_MPI=mpich", 1, 2, "MPICH")]
    [InlineData("PMIX_RANK=3 MODELBUILD_WORKERS=8", 3, 8, "Open MPI")]
    [InlineData("PMI_RANK=1 MODELBUILD_WORKERS=2", 1, 2, "MPICH")]
    [InlineData("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2 MODELBUILD_WORKER_ADDRESS=node1:29500 MODELBUILD_WORKER_SECRET=0123456789abcdef", 1, 2, null)]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 MODELBUILD_WORKER_ADDRESS=node1:29500 MODELBUILD_WORKER_SECRET=0123456789abcdef", 1, 4, null)]
    [InlineData("MODELBUILD_WORKER_RANK=2 MODELBUILD_WORKERS=3 MODELBUILD_WORKER_ADDRESS=[::1]:80 MODELBUILD_WORKER_SECRET=0123456789abcdef", 2, 3, null)]
    public void The_place_follows_from_the_variables_of_the_launcher(string variables, int rank, int size, string? mpi)
    {
        var found = Environment(variables).Find()!;

        Assert.Equal((rank, size, mpi), (found.Place.Rank, found.Place.Size, found.Mpi?.Title));
        Assert.Equal(mpi is null, found.Meeting is not null);
        Assert.InRange(found.Place.Threads, 1, System.Environment.ProcessorCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1")]
    [InlineData("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1")]
    [InlineData("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1 MODELBUILD_WORKER_ADDRESS=node1:29500 MODELBUILD_WORKER_SECRET=0123456789abcdef")]
    public void A_process_of_its_own_has_no_place(string variables) => Assert.Null(Environment(variables).Find());

    [Theory]
    [InlineData("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2", "2 tasks were started without MPI")]
    [InlineData("MODELBUILD_WORKER_ADDRESS=node1:29500 MODELBUILD_WORKER_SECRET=0123456789abcdef", "nothing says which worker this is")]
    [InlineData("MODELBUILD_WORKER_RANK=0 MODELBUILD_WORKERS=2 MODELBUILD_WORKER_ADDRESS=node1:29500", "needs MODELBUILD_WORKER_SECRET")]
    [InlineData(
        "MODELBUILD_WORKER_RANK=0 MODELBUILD_WORKERS=2 MODELBUILD_WORKER_ADDRESS=node1:1 MODELBUILD_WORKER_SECRET=short",
        "a random text of 16 characters"
    )]
    [InlineData("MODELBUILD_WORKER_RANK=0 MODELBUILD_WORKERS=2 MODELBUILD_WORKER_ADDRESS=node1 MODELBUILD_WORKER_SECRET=0123456789abcdef", "must be host:port")]
    [InlineData(
        "MODELBUILD_WORKER_RANK=0 MODELBUILD_WORKERS=2 MODELBUILD_WORKER_ADDRESS=node1:0 MODELBUILD_WORKER_SECRET=0123456789abcdef",
        "must be host:port"
    )]
    [InlineData(
        "MODELBUILD_WORKER_RANK=2 MODELBUILD_WORKERS=2 MODELBUILD_WORKER_ADDRESS=node1:1 MODELBUILD_WORKER_SECRET=0123456789abcdef",
        "The worker 2 is not one of 2 workers"
    )]
    [InlineData("PMIX_RANK=0", "PMIX_RANK says that this is one of several workers, and SLURM_STEP_NUM_TASKS or MODELBUILD_WORKERS is missing")]
    [InlineData("PMIX_RANK=0 SLURM_NTASKS=4", "Set MODELBUILD_WORKERS to the number of workers.")]
    [InlineData("PMI_RANK=1", "PMI_RANK says that this is one of several workers, and PMI_SIZE or MODELBUILD_WORKERS is missing")]
    [InlineData("OMPI_COMM_WORLD_RANK=1", "OMPI_COMM_WORLD_SIZE or MODELBUILD_WORKERS is missing")]
    [InlineData("MODELBUILD_WORKER_RANK=1", "MODELBUILD_WORKER_RANK says that this is one of several workers, and MODELBUILD_WORKERS is missing")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 MODELBUILD_MPI=other", "MODELBUILD_MPI 'other' must be one of openmpi, mpich, standard.")]
    public void What_is_incomplete_is_an_error(string variables, string message)
    {
        var fault = Assert.Throws<CompressionException>(() => Environment(variables).Find());

        Assert.Equal(Codes.UnknownOption, fault.Code);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_threads_of_a_process_are_a_share_of_the_machine_unless_they_are_given()
    {
        Assert.Equal(3, Environment("PMI_RANK=0 PMI_SIZE=2 OMP_NUM_THREADS=3").Find()!.Place.Threads);
        Assert.Equal(1, Environment("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=900 OMPI_COMM_WORLD_LOCAL_SIZE=900").Find()!.Place.Threads);
    }

    [Fact]
    public void Each_library_has_another_name() => Assert.Equal(MpiLibrary.All.Count, MpiLibrary.All.Select(library => library.Name).Distinct().Count());

    private static WorkerEnvironment Environment(string variables)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return new WorkerEnvironment(name => set.GetValueOrDefault(name));
    }
}
