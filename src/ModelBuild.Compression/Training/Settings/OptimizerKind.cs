namespace ModelBuild.Compression.Training.Settings;

/// <summary>Specifies the formula by which an optimizer changes parameters.</summary>
internal enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with Nesterov's momentum.</summary>
    Sgd,

    /// <summary>Adam. Weight decay is part of the gradient.</summary>
    Adam,

    /// <summary>Adam with weight decay apart from the gradient.</summary>
    Adamw,

    /// <summary>RMSProp: gradients are divided by the root of their mean square.</summary>
    Rmsprop,
}
