using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Cli.Training;

/// <summary>The workers of a training, each in a process of its own. Disposing it announces to the others that this one ends.</summary>
internal interface IProcessGroup : IWorkerGroup, IDisposable
{
    /// <summary>Gets a token that is cancelled when another worker has failed.</summary>
    CancellationToken Ended { get; }

    /// <summary>Gets whether the launcher ends all workers when one of them fails, so that the others need not be told.</summary>
    bool IsEndedByLauncher { get; }

    /// <summary>Returns the error about the worker that has failed.</summary>
    /// <param name="exception">What happened here in consequence.</param>
    CompressionException Fault(Exception exception);

    /// <summary>Ends all workers, because this one has failed.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="model">The file of failures without a file of their own.</param>
    void Abort(Failure failure, string model);
}
