using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Represents the settings of a model service, which are the properties of <see cref="ModelOptions"/> that configuration can bind.</summary>
public sealed class ModelSettings
{
    /// <summary>
    /// Gets or sets the path of the model file; null for the file that the project deploys. A relative path is resolved against the current directory.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>Gets the execution providers in the order in which they are tried; an empty list means the list of the project.</summary>
    public IList<string> Providers { get; } = [];

    /// <summary>Gets or sets the number of threads that one run uses; null for the default of ONNX Runtime.</summary>
    public int? Threads { get; set; }

    /// <summary>
    /// Gets or sets whether the threads of ONNX Runtime wait for work by spinning; null for the default of ONNX Runtime, which spins. Set
    /// <see langword="false"/> when the service shares the CPU with other processes.
    /// </summary>
    public bool? Spinning { get; set; }

    /// <summary>Gets or sets the number of runs that the model can execute at once; the default is 1.</summary>
    public int Parallel { get; set; } = 1;

    /// <summary>Gets or sets whether the model is loaded at its first use instead of at the start of the host.</summary>
    public bool Lazy { get; set; }

    /// <summary>Gets or sets whether the model runs once on zeros when it is loaded.</summary>
    public bool WarmUp { get; set; }

    /// <summary>
    /// Gets or sets a function that changes the options after all other settings are applied, for options that configuration cannot express, such as typed
    /// providers and session options.
    /// </summary>
    public Func<ModelOptions, ModelOptions>? Configure { get; set; }

    /// <summary>Creates the options for loading the model.</summary>
    /// <returns>The options.</returns>
    public ModelOptions ToOptions()
    {
        var options = new ModelOptions
        {
            Path = Path,
            Providers = Providers.Count > 0 ? [.. Providers.Select(name => new ModelProvider(name))] : null,
            Threads = Threads,
            Spinning = Spinning,
            Parallel = Parallel,
            Lazy = Lazy,
            WarmUp = WarmUp,
        };
        return Configure is { } configure ? configure(options) : options;
    }
}
