using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>How a service's model is loaded: <see cref="ModelOptions"/> as configuration can bind it.</summary>
public sealed class ModelSettings
{
    /// <summary>The model's file, when it is not where the project deploys it.</summary>
    public string? Path { get; set; }

    /// <summary>The execution providers to try, in order; empty takes the project's list.</summary>
    public IList<string> Providers { get; } = [];

    /// <summary>How many threads one run uses; null leaves it to ONNX Runtime.</summary>
    public int? Threads { get; set; }

    /// <summary>Whether ONNX Runtime's threads wait for work by spinning. A service that shares its processor sets false.</summary>
    public bool? Spinning { get; set; }

    /// <summary>How many runs the model is made for at once.</summary>
    public int Parallel { get; set; } = 1;

    /// <summary>Whether the model is loaded at its first use, and not when the host starts.</summary>
    public bool Lazy { get; set; }

    /// <summary>Whether the model runs once on zeros when it is loaded.</summary>
    public bool WarmUp { get; set; }

    /// <summary>Changes the options last of all: typed providers, session options, whatever configuration cannot say.</summary>
    public Func<ModelOptions, ModelOptions>? Configure { get; set; }

    /// <summary>The options to load with.</summary>
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
