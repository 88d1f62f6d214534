namespace ModelBuild.Runtime;

/// <summary>A model class that generic code can open, such as a container of services. Classes in projects with C# 11 or newer have it.</summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
public interface IModel<TSelf> : IModel
    where TSelf : IModel<TSelf>
{
    /// <summary>Loads the model, as the class's constructor does.</summary>
    /// <param name="options">How to load it; null for what the project says.</param>
    /// <exception cref="FileNotFoundException">The model is not there.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    static abstract TSelf Open(ModelOptions? options);
}
