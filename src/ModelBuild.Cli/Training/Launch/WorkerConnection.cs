using System.Text.Json.Serialization;
using ModelBuild.Cli.Training.Mpi;
using ModelBuild.Cli.Training.Tcp;

namespace ModelBuild.Cli.Training.Launch;

/// <summary>Represents the place of this process among the workers of a training, and the way in which it reaches the others: over TCP, or over MPI.</summary>
/// <param name="Place">The number of this process and the number of workers.</param>
internal sealed record WorkerConnection(WorkerPlace Place)
{
    /// <summary>Gets the address of worker 0 if the workers communicate over TCP; null for MPI.</summary>
    public MeetingPoint? Meeting { get; init; }

    /// <summary>Gets the MPI library if the workers communicate over MPI; null for TCP.</summary>
    [JsonIgnore]
    public MpiLibrary? Mpi { get; init; }

    /// <summary>Connects this process with the other workers.</summary>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    /// <exception cref="Compression.Diagnostics.CompressionException">MB1052: the workers cannot connect to each other.</exception>
    public IProcessGroup Join(CancellationToken cancellationToken) =>
        Meeting is { } meeting ? Rendezvous.Join(Place, meeting, cancellationToken) : MpiGroup.Open(Mpi!, Place);
}
