namespace ModelBuild.Compression.Reports;

/// <summary>The facts about the new last layer that the step <c>transfer</c> gives a classifier.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="OldClasses">The number of classes before.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="LayerSteps">The number of steps that trained the new layer alone. The other steps trained all layers that are not frozen.</param>
/// <param name="First">The accuracy on held-out rows before training, 0…1; null if no row is held out.</param>
/// <param name="OfLayer">The accuracy after the new layer was trained; null if no row is held out.</param>
/// <param name="Last">The accuracy of the kept values; null if no row is held out.</param>
internal sealed record TransferReport(string Layer, int OldClasses, int Classes, int LayerSteps, double? First, double? OfLayer, double? Last);
