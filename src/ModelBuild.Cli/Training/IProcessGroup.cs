using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Cli.Training;

/// <summary>
/// Represents the workers of a training, each in a process of its own. Disposing the group announces to the other workers that this one ends.
/// </summary>
internal interface IProcessGroup : IWorkerGroup, IDisposable
{
    /// <summary>Gets a token that is cancelled when another worker has failed.</summary>
    CancellationToken Ended { get; }

    /// <summary>Gets whether the launcher ends all workers when one of them fails, so that no message to the others is needed.</summary>
    bool IsEndedByLauncher { get; }

    /// <summary>Returns the exception that reports the worker that has failed.</summary>
    /// <param name="exception">The exception in this process that the failure of the other worker caused.</param>
    CompressionException Fault(Exception exception);

    /// <summary>Ends all workers, because this one has failed.</summary>
    /// <param name="failure">The failure of this worker.</param>
    /// <param name="model">The path of the model, which failures without a file of their own name.</param>
    void Abort(Failure failure, string model);
}
