using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Receives the host of a model when its class opens it.</summary>
internal sealed class HostSlot<TModel>
    where TModel : class, IModel<TModel>
{
    /// <summary>Gets the host; null when the model is not opened, or when its class does not use the runtime library.</summary>
    public ModelHost? Host { get; private set; }

    /// <summary>Opens the model.</summary>
    public TModel Open(ModelOptions options) => TModel.Open(options with { Opened = host => Host = (ModelHost)host });
}
