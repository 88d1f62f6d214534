using ModelBuild.Cli.Output;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Cli.Training;

/// <summary>The workers of a training, each in a process of its own. Disposing it says goodbye to the others.</summary>
internal interface IProcessGroup : IWorkerGroup, IDisposable
{
    /// <summary>Ends all workers, because this one has failed.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="model">The file of failures without a file of their own.</param>
    void Abort(Failure failure, string model);
}
