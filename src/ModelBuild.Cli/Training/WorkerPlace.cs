using System.Text.Json.Serialization;
using ModelBuild.Cli.Training.Mpi;
using ModelBuild.Cli.Training.Tcp;

namespace ModelBuild.Cli.Training;

/// <summary>The place of this process among the workers of a training.</summary>
/// <param name="Rank">The number of this process, from 0.</param>
/// <param name="Size">The number of workers.</param>
/// <param name="Threads">The number of threads that this process may use.</param>
internal sealed record WorkerPlace(int Rank, int Size, int Threads)
{
    /// <summary>The number of workers on this machine, which share its memory.</summary>
    public int OnMachine { get; init; } = 1;

    /// <summary>The address of worker 0 if the workers communicate over TCP; null for MPI.</summary>
    public MeetingPoint? Meeting { get; init; }

    /// <summary>The MPI library; null for TCP.</summary>
    [JsonIgnore]
    public MpiLibrary? Mpi { get; init; }

    /// <summary>Connects this process with the other workers.</summary>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    /// <exception cref="Compression.Diagnostics.CompressionException">MB1052: the workers do not come together.</exception>
    public IProcessGroup Join(CancellationToken cancellationToken) =>
        Meeting is { } meeting ? Rendezvous.Join(this, meeting, cancellationToken) : MpiGroup.Open(this);
}
