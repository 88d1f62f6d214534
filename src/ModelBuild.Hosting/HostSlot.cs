using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Stores the host of a model that its generated class passes to it when the class opens the model.</summary>
internal sealed class HostSlot<TModel>
    where TModel : class, IModel<TModel>
{
    /// <summary>Gets the host of the model; null when the model is not opened, or when its class does not use the runtime library.</summary>
    public ModelHost? Host { get; private set; }

    /// <summary>Opens the model, and stores its host.</summary>
    public TModel Open(ModelOptions options) => TModel.Open(options with { Opened = host => Host = (ModelHost)host });
}
