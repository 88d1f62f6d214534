using System.ComponentModel;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Represents a model that was added to the services, for libraries that call models without their classes, such as ModelBuild.Serving.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class HostedModel
{
    private readonly Func<ModelHost?> _open;

    internal HostedModel(string name, Func<ModelHost?> open)
    {
        Name = name;
        _open = open;
    }

    /// <summary>Gets the name of the model: the key of the service, or the name of the class.</summary>
    public string Name { get; }

    /// <summary>Returns the host of the model, which the container opens when nothing has used the model before.</summary>
    /// <returns>The host, which belongs to the model.</returns>
    /// <exception cref="FileNotFoundException">The model file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded.</exception>
    /// <exception cref="NotSupportedException">The class does not use the runtime library, so that it has no host.</exception>
    public ModelHost Open() => _open() ?? throw new NotSupportedException($"The model '{Name}' has no host, because its class was not generated.");
}
