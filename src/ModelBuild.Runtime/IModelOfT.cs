namespace ModelBuild.Runtime;

/// <summary>
/// Defines a model class that generic code can open, such as a dependency injection container. Generated classes implement it in projects with C# 11 or
/// later.
/// </summary>
/// <typeparam name="TSelf">The generated class.</typeparam>
public interface IModel<TSelf> : IModel
    where TSelf : IModel<TSelf>
{
    /// <summary>Loads the model in the same way as the constructor of the class.</summary>
    /// <param name="options">The options; null to use those of the project.</param>
    /// <returns>The loaded model.</returns>
    /// <exception cref="FileNotFoundException">The model file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded, or its inputs and outputs differ from those that the class was generated
    /// for.</exception>
    static abstract TSelf Open(ModelOptions? options);
}
